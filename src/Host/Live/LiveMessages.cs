using System.Text.Json.Serialization;

namespace ElasticityStream.Host.Live;

/// <summary>What the page is told when it connects: the run, and what to draw.</summary>
internal sealed record LiveIdentity(
    string Study, string Run, string Model, string Source, string Version, IReadOnlyList<LiveChart> Charts, IReadOnlyList<LiveFigure> Figures);

/// <summary>Where the run stands. Times in seconds; what is not known is null.</summary>
internal sealed record LiveStatus(
    string State, string? Phase, string? Model, long? Step, long? Total, double? Rate, double? Left, double? Elapsed, double? Loss, double? Index);

/// <summary>Everything measured so far: each row begins with its time, in seconds since 1970 or null where it is not known, followed by the values of the series.</summary>
internal sealed record LiveHistoryMessage(IReadOnlyList<LiveSeries> Series, IEnumerable<double?[]> Rows, double?[] Latest);

/// <summary>The rows since the message before, and the latest, which may not be among them.</summary>
internal sealed record LiveRowsMessage(IEnumerable<double?[]> Rows, double?[] Latest);

/// <summary>One similarity matrix: cells row by row, colours from the lowest to the highest value.</summary>
internal sealed record LiveSimilarity(
    string Model, string Measure, string Order, long Step, int Probes, int PerCell, int Side, IReadOnlyList<double> Cells,
    IReadOnlyList<LiveGroup> Groups, double Low, double High, bool Diverging, string Explanation, IReadOnlyList<string> Colors);

/// <summary>Neighbouring probes of one class or cluster.</summary>
internal sealed record LiveGroup(string Name, int Start, int Count);

/// <summary>How the run ended; with no outcome, why the page did, while the run goes on.</summary>
internal sealed record LiveEnd(string? Outcome, string? Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LiveIdentity))]
[JsonSerializable(typeof(LiveStatus))]
[JsonSerializable(typeof(LiveHistoryMessage))]
[JsonSerializable(typeof(LiveRowsMessage))]
[JsonSerializable(typeof(LiveSimilarity))]
[JsonSerializable(typeof(LiveEnd))]
internal sealed partial class LiveJson : JsonSerializerContext;
