namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>What the kernel needs of the B steps of a block, for one chunk of the hidden units.</summary>
/// <remarks>
/// Step b's units are the entries Starts[b] to Starts[b + 1]. For the e-th entry: its pre-activations lie from Offsets[e] on in a tile's chunk,
/// MinusU[e] is -eta dL/dz at the trained sample, A[e] its activation there, and W[k * Capacity + e] the weight that leads to output k after the step.
/// </remarks>
internal readonly unsafe struct BlockSteps
{
    public required int Steps { get; init; }

    public required int Outputs { get; init; }

    public required bool Applied { get; init; }

    public required int Capacity { get; init; }

    public required int* Starts { get; init; }

    public required int* Offsets { get; init; }

    public required float* MinusU { get; init; }

    public required float* A { get; init; }

    public required float* W { get; init; }

    /// <summary>B x K: eta dL/d(output).</summary>
    public required float* Gammas { get; init; }
}
