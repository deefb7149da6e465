using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Checkpoints;

/// <summary>A clustering that had not ended when the checkpoint was taken; it is begun again.</summary>
/// <param name="Step">The number of steps done when it was due.</param>
/// <param name="Matrices">What the rows of its matrices are, by measure.</param>
public sealed record ClusteringUnderWay(long Step, IReadOnlyDictionary<SimilarityMeasure, ClusteringUnderWay.Rows> Matrices)
{
    /// <summary>What the rows of one matrix are.</summary>
    /// <param name="Probes">The measured probes.</param>
    /// <param name="Counts">How often each was measured.</param>
    public sealed record Rows(int[] Probes, long[] Counts);
}
