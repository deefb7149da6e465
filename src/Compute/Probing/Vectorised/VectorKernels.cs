using System.Runtime.Intrinsics;
using ElasticityStream.Compute.Models;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>Makes the kernels for this machine.</summary>
internal static class VectorKernels
{
    /// <summary>The widths that this machine has, the widest first.</summary>
    public static IReadOnlyList<VectorWidth> SupportedWidths { get; } =
    [
        .. Lanes512.IsSupported ? [VectorWidth.Bits512] : Array.Empty<VectorWidth>(),
        .. Lanes256.IsSupported ? [VectorWidth.Bits256] : Array.Empty<VectorWidth>(),
        .. Lanes128.IsSupported ? [VectorWidth.Bits128] : Array.Empty<VectorWidth>(),
        VectorWidth.Scalar,
    ];

    /// <summary>The products of rows with the columns of a tile.</summary>
    public static TileProduct Product(VectorWidth width) => width switch
    {
        VectorWidth.Bits512 => new VectorTileProduct<Lanes512, Vector512<float>>(),
        VectorWidth.Bits256 => new VectorTileProduct<Lanes256, Vector256<float>>(),
        VectorWidth.Bits128 => new VectorTileProduct<Lanes128, Vector128<float>>(),
        _ => new VectorTileProduct<ScalarLanes, float>(),
    };

    /// <summary>The pooling of images.</summary>
    public static TilePooling Pooling(VectorWidth width) => width switch
    {
        VectorWidth.Bits512 => new VectorTilePooling<Lanes512, Vector512<float>>(),
        VectorWidth.Bits256 => new VectorTilePooling<Lanes256, Vector256<float>>(),
        VectorWidth.Bits128 => new VectorTilePooling<Lanes128, Vector128<float>>(),
        _ => new VectorTilePooling<ScalarLanes, float>(),
    };

    /// <summary>A kernel whose body is generic in the vectors and the activation.</summary>
    public static TKernel ForActivation<TKernel>(Activation activation, VectorWidth width)
        where TKernel : IActivationKernel<TKernel> => width switch
        {
            VectorWidth.Bits512 => ForActivation<TKernel, Lanes512, Vector512<float>>(activation),
            VectorWidth.Bits256 => ForActivation<TKernel, Lanes256, Vector256<float>>(activation),
            VectorWidth.Bits128 => ForActivation<TKernel, Lanes128, Vector128<float>>(activation),
            _ => ForActivation<TKernel, ScalarLanes, float>(activation),
        };

    private static TKernel ForActivation<TKernel, TLanes, TVector>(Activation activation)
        where TKernel : IActivationKernel<TKernel>
        where TLanes : ILanes<TVector>
        where TVector : struct => activation switch
        {
            Activation.Relu => TKernel.Create<TLanes, TVector, ReluLanes>(),
            Activation.LeakyRelu => TKernel.Create<TLanes, TVector, LeakyReluLanes>(),
            Activation.Tanh => TKernel.Create<TLanes, TVector, TanhLanes>(),
            Activation.Sigmoid => TKernel.Create<TLanes, TVector, SigmoidLanes>(),
            Activation.Gelu => TKernel.Create<TLanes, TVector, GeluLanes>(),
            Activation.Identity => TKernel.Create<TLanes, TVector, IdentityLanes>(),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation."),
        };
}
