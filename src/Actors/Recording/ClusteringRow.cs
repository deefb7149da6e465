namespace ElasticityStream.Actors.Recording;

/// <summary>One clustering of the probes measured so far, beside its control.</summary>
/// <param name="Step">The number of steps done.</param>
/// <param name="Measure">"relative" or "kernelized".</param>
/// <param name="Method">"kmeans", "kernel-kmeans", "spectral", "spectral-normalized".</param>
/// <param name="Final">Whether this is the clustering of the whole study.</param>
/// <param name="Probes">How many probes were clustered.</param>
/// <param name="Objective">The objective of the best restart.</param>
/// <param name="Scores">The scores of the best restart and its spread over the restarts.</param>
/// <param name="Control">The same clusterer on the raw features of the same probes.</param>
/// <param name="Churn">The fraction of probes whose cluster changed since the update before; null at the first one.</param>
/// <param name="ClusterSizes">How many probes each cluster holds.</param>
public sealed record ClusteringRow(
    long Step, string Measure, string Method, bool Final, int Probes, double Objective,
    ClusteringScoresRow Scores, ClusteringScoresRow Control, double? Churn, IReadOnlyList<int> ClusterSizes);
