namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>The vector widths that kernels are made for, in bits.</summary>
internal enum VectorWidth
{
    /// <summary>No vectors.</summary>
    Scalar = 32,

    /// <summary>4 float32 lanes: SSE, NEON.</summary>
    Bits128 = 128,

    /// <summary>8 float32 lanes: AVX2.</summary>
    Bits256 = 256,

    /// <summary>16 float32 lanes: AVX-512.</summary>
    Bits512 = 512,
}
