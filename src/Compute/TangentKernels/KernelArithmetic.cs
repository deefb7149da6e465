using static TorchSharp.torch;

namespace ElasticityStream.Compute.TangentKernels;

/// <summary>In which precision a kernel is computed, and in blocks of which sizes.</summary>
/// <param name="Precision">Of the layerwise products; sums over blocks of units are float64 whatever it is.</param>
/// <param name="Units">How many hidden units are processed together.</param>
/// <param name="Probes">How many rows of a product are computed in one piece.</param>
/// <param name="JacobianRows">How many gradients of a module of unknown structure are held together; null for what fits 128 MB.</param>
internal sealed record KernelArithmetic(ScalarType Precision, int Units, int Probes, int? JacobianRows)
{
    /// <summary>The precision is justified in docs/adr/0008, the sizes by that larger ones are not faster.</summary>
    public static KernelArithmetic Default { get; } = new(ScalarType.Float32, Units: 1024, Probes: 256, JacobianRows: null);
}
