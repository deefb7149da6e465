using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models;

/// <summary>PyTorch's default initialisation of linear and convolutional layers.</summary>
internal static class DefaultInitialisation
{
    /// <summary>Draws every parameter uniformly in +-1/sqrt(fan-in), the weights before the biases.</summary>
    /// <param name="layer">A layer.</param>
    /// <param name="fanIn">The number of inputs of one of its units.</param>
    /// <param name="generator">Where the numbers come from.</param>
    public static void Draw(nn.Module layer, long fanIn, Generator generator)
    {
        var bound = 1 / Math.Sqrt(fanIn);
        foreach (var (_, parameter) in layer.named_parameters())
            parameter.uniform_(-bound, bound, generator);
    }
}
