using System.Runtime.Intrinsics;
using ElasticityStream.Compute.Models;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>Makes the kernels for this machine.</summary>
internal static class RankOneKernels
{
    /// <summary>The widths that this machine has, the widest first.</summary>
    public static IReadOnlyList<VectorWidth> SupportedWidths { get; } =
    [
        .. Lanes512.IsSupported ? [VectorWidth.Bits512] : Array.Empty<VectorWidth>(),
        .. Lanes256.IsSupported ? [VectorWidth.Bits256] : Array.Empty<VectorWidth>(),
        .. Lanes128.IsSupported ? [VectorWidth.Bits128] : Array.Empty<VectorWidth>(),
        VectorWidth.Scalar,
    ];

    /// <summary>The pass over the pre-activations.</summary>
    public static RankOneKernel ForActivation(Activation activation, VectorWidth width) => width switch
    {
        VectorWidth.Bits512 => ForActivation<Lanes512, Vector512<float>>(activation),
        VectorWidth.Bits256 => ForActivation<Lanes256, Vector256<float>>(activation),
        VectorWidth.Bits128 => ForActivation<Lanes128, Vector128<float>>(activation),
        _ => ForActivation<ScalarLanes, float>(activation),
    };

    /// <summary>The products of features.</summary>
    public static TileProduct Product(VectorWidth width) => width switch
    {
        VectorWidth.Bits512 => new VectorTileProduct<Lanes512, Vector512<float>>(),
        VectorWidth.Bits256 => new VectorTileProduct<Lanes256, Vector256<float>>(),
        VectorWidth.Bits128 => new VectorTileProduct<Lanes128, Vector128<float>>(),
        _ => new VectorTileProduct<ScalarLanes, float>(),
    };

    private static RankOneKernel ForActivation<TLanes, TVector>(Activation activation)
        where TLanes : ILanes<TVector>
        where TVector : struct => activation switch
        {
            Activation.Relu => new VectorRankOneKernel<TLanes, TVector, ReluLanes>(),
            Activation.LeakyRelu => new VectorRankOneKernel<TLanes, TVector, LeakyReluLanes>(),
            Activation.Tanh => new VectorRankOneKernel<TLanes, TVector, TanhLanes>(),
            Activation.Sigmoid => new VectorRankOneKernel<TLanes, TVector, SigmoidLanes>(),
            Activation.Gelu => new VectorRankOneKernel<TLanes, TVector, GeluLanes>(),
            Activation.Identity => new VectorRankOneKernel<TLanes, TVector, IdentityLanes>(),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation."),
        };
}
