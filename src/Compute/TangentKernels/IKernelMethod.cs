namespace ElasticityStream.Compute.TangentKernels;

/// <summary>A way to compute the kernel of a module's outputs: of f itself, or of K outputs along the directions v_i.</summary>
internal interface IKernelMethod
{
    /// <summary>Does the work, piece by piece. What lies outside managed memory is freed at the end, also at an early one.</summary>
    IEnumerable<Piece> Compute();

    /// <summary>n x n, row-major; there after the last piece.</summary>
    double[] Values { get; }
}
