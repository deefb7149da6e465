using System.Text.Json.Serialization;

namespace ElasticityStream.Host.Status;

/// <summary>Where a run stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
internal enum RunState
{
    /// <summary>A process has it.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>All its steps were done.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Somebody stopped it.</summary>
    [JsonStringEnumMemberName("interrupted")]
    Interrupted,

    /// <summary>It stopped with an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Its process ended without a word: it was killed, the machine stopped, or the disk was full.</summary>
    [JsonStringEnumMemberName("abandoned")]
    Abandoned,

    /// <summary>What it left behind cannot be read.</summary>
    [JsonStringEnumMemberName("damaged")]
    Damaged,
}
