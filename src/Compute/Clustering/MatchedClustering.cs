using System.Collections.Immutable;

namespace ElasticityStream.Compute.Clustering;

/// <summary>A clustering whose clusters carry the identities of an earlier one.</summary>
/// <param name="Labels">The identity of each point's cluster, in the order of the new points.</param>
/// <param name="CommonPoints">The points that both clusterings hold.</param>
/// <param name="Churn">The fraction of the common points whose cluster changed, in [0, 1]; null where there is no common point.</param>
public sealed record MatchedClustering(ImmutableArray<int> Labels, int CommonPoints, double? Churn);
