using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Clustering;
using MessagePack;

namespace ElasticityStream.Actors.Messages;

/// <summary>What the clustering actor is sent and answers.</summary>
public static class ClusteringProtocol
{
    /// <summary>The matrices at one step, over the probes measured so far. Answered by <see cref="Clustered"/>.</summary>
    /// <param name="Step">The number of steps done.</param>
    /// <param name="Final">Whether the study is over.</param>
    /// <param name="Matrices">One a measure.</param>
    /// <param name="Trace">The trace context of the block after which it was taken; null where it is not sampled.</param>
    [MessagePackObject]
    public sealed record SimilaritySnapshot(
        [property: Key(0)] long Step,
        [property: Key(1)] bool Final,
        [property: Key(2)] MeasuredSimilarity[] Matrices,
        [property: Key(3)] string? Trace = null) : IWireMessage;

    /// <summary>The clusterings of a snapshot.</summary>
    /// <param name="Final">Whether the snapshot was the study's last.</param>
    /// <param name="Clusterings">One a measure and method; none where too few probes were measured.</param>
    /// <param name="Trace">The trace context of the snapshot.</param>
    public sealed record Clustered(bool Final, IReadOnlyList<SimilarityClustering> Clusterings, string? Trace = null) : ILocalMessage;
}
