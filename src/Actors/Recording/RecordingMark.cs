namespace ElasticityStream.Actors.Recording;

/// <summary>How much a recorder held at a point of the study, to which it can be taken back.</summary>
/// <param name="Rows">How many rows, or up to which row, by the kind of row; a kind that is missing had none.</param>
public sealed record RecordingMark(IReadOnlyDictionary<string, long> Rows)
{
    /// <summary>Nothing was recorded.</summary>
    public static RecordingMark Start { get; } = new(new Dictionary<string, long>(StringComparer.Ordinal));

    /// <summary>How many rows of a kind there were.</summary>
    public long Of(string kind) => Rows.GetValueOrDefault(kind);
}
