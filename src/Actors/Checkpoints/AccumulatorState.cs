using ElasticityStream.Actors.Clustering;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Checkpoints;

/// <summary>What the accumulator carries beside its arrays.</summary>
/// <param name="Steps">The number of steps accumulated.</param>
/// <param name="Losses">The losses that the mean loss is over.</param>
/// <param name="Accuracies">Whether the predictions of the same steps were right, as 1 or 0.</param>
/// <param name="DegenerateRows">How many steps so far gave no row, by measure.</param>
/// <param name="Kernel">How far the last sweep was from the tangent kernel, which is among the arrays; null if none was computed.</param>
/// <param name="Clusterings">The latest clustering of each measure and method.</param>
/// <param name="Clustering">The snapshot that is being clustered, whose matrices are among the arrays; null if none is.</param>
public sealed record AccumulatorState(
    long Steps, double[] Losses, double[] Accuracies, IReadOnlyDictionary<SimilarityMeasure, long> DegenerateRows, KernelDistanceRow? Kernel,
    IReadOnlyList<SimilarityClustering> Clusterings, ClusteringUnderWay? Clustering);
