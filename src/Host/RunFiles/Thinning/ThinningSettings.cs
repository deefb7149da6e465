namespace ElasticityStream.Host.RunFiles.Thinning;

/// <summary>How much of a long study stays in its database row by row.</summary>
/// <param name="KeepSteps">The rows of so many of the latest steps stay whole, and no more than about as many of all older ones; null to keep all.</param>
/// <param name="KeepRecords">The same for each series, in records; null to keep all.</param>
/// <param name="RecordEvery">Steps between two records of the elasticity index and of the class pairs.</param>
/// <param name="ClusterEvery">Steps between two clusterings; null if there are none before the end.</param>
/// <param name="SweepEvery">Steps between two sweeps; null if there are none.</param>
public sealed record ThinningSettings(long? KeepSteps, long? KeepRecords, long RecordEvery, long? ClusterEvery, long? SweepEvery)
{
    /// <summary>Everything stays.</summary>
    public static ThinningSettings None { get; } = new(null, null, 1, null, null);
}
