namespace ElasticityStream.Compute.Probing;

/// <summary>
/// The updates of a network that begins with convolutions, whose kernels change by no low rank, and ends with fully connected layers.
/// </summary>
/// <param name="Steps">How many steps, B.</param>
/// <param name="Applied">Whether the steps moved the weights.</param>
/// <param name="Directions">See <see cref="UpdateBlock"/>.</param>
/// <param name="Kernels">One entry a convolution, from the input on.</param>
/// <param name="Layers">One entry a fully connected layer, in their order.</param>
public sealed record ConvolutionalUpdateBlock(
    int Steps, bool Applied, double[] Directions, IReadOnlyList<KernelUpdate> Kernels, IReadOnlyList<LayerUpdate> Layers)
    : UpdateBlock(Steps, Applied, Directions);
