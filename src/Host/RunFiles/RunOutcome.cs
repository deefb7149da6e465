using System.Text.Json.Serialization;

namespace ElasticityStream.Host.RunFiles;

/// <summary>How a run ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunOutcome>))]
public enum RunOutcome
{
    /// <summary>It has not ended; also what a killed process leaves behind.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>All its steps were done.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Somebody stopped it; what was measured until then is complete.</summary>
    [JsonStringEnumMemberName("interrupted")]
    Interrupted,

    /// <summary>It stopped with an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
