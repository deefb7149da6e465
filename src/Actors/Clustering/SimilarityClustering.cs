using ElasticityStream.Actors.Recording;
using ElasticityStream.Compute.Clustering;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Clustering;

/// <summary>The clusters that one method found in one similarity.</summary>
/// <param name="Measure">Which similarity.</param>
/// <param name="Method">Which method.</param>
/// <param name="Probes">The probes that were clustered, ascending.</param>
/// <param name="Labels">Their clusters, 0, 1, …, which keep their identity from update to update.</param>
/// <param name="Row">Scores, control and spread.</param>
public sealed record SimilarityClustering(
    SimilarityMeasure Measure, ClusteringMethod Method, IReadOnlyList<int> Probes, IReadOnlyList<int> Labels, ClusteringRow Row);
