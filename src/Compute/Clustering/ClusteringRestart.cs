using System.Collections.Immutable;

namespace ElasticityStream.Compute.Clustering;

/// <summary>One restart of a clustering.</summary>
/// <param name="Objective">The within-cluster sum of squared distances of <paramref name="Labels"/>; lower is better. Below 0 only with
/// an indefinite kernel.</param>
/// <param name="Iterations">Lloyd steps, the last one, which found nothing to change, included.</param>
/// <param name="Ending">Why it stopped.</param>
/// <param name="Labels">n cluster numbers in [0, K).</param>
public sealed record ClusteringRestart(double Objective, int Iterations, RestartEnding Ending, ImmutableArray<int> Labels);
