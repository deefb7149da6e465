namespace ElasticityStream.Compute.Probing;

/// <summary>The updates of a fully connected network: of rank one in every layer and step.</summary>
/// <param name="Steps">How many steps, B.</param>
/// <param name="Applied">Whether the steps moved the weights.</param>
/// <param name="Directions">See <see cref="UpdateBlock"/>.</param>
/// <param name="Layers">One entry a layer, from the input on.</param>
/// <param name="Probes">B indices: which of all probes each trained sample is, in the closed form; otherwise null.</param>
public sealed record LowRankUpdateBlock(
    int Steps, bool Applied, double[] Directions, IReadOnlyList<LayerUpdate> Layers, int[]? Probes = null)
    : UpdateBlock(Steps, Applied, Directions);
