using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing;

/// <summary>What the stages of a network compute with.</summary>
internal sealed record TileKernels(DifferenceKernel Difference, TileProduct Product, TilePooling Pooling)
{
    /// <summary>Those for an activation and a vector width.</summary>
    public static TileKernels For(Activation activation, VectorWidth width) => new(
        VectorKernels.ForActivation<DifferenceKernel>(activation, width), VectorKernels.Product(width), VectorKernels.Pooling(width));
}
