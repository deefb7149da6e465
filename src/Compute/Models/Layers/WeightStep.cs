using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models.Layers;

/// <summary>
/// What one SGD step does to the weights of one layer, in the two halves that the layer itself knows how to read: the vectors u and a of
/// dW = -u a^T and db = -u for a <see cref="FullyConnectedLayer"/>, -dW and -db themselves for a <see cref="ConvolutionLayer"/>.
/// </summary>
/// <param name="First">u, or -dW.</param>
/// <param name="Second">a, or -db.</param>
internal readonly record struct WeightStep(Tensor First, Tensor Second);
