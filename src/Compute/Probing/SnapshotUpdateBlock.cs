using ElasticityStream.Compute.Models;

namespace ElasticityStream.Compute.Probing;

/// <summary>The updates of any module: the complete weights after each step.</summary>
/// <param name="Applied">Whether the steps moved the weights.</param>
/// <param name="Directions">See <see cref="UpdateBlock"/>.</param>
/// <param name="After">w+ of each step.</param>
public sealed record SnapshotUpdateBlock(bool Applied, double[] Directions, IReadOnlyList<NetworkWeights> After)
    : UpdateBlock(After.Count, Applied, Directions);
