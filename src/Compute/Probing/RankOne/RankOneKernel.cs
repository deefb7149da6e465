using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>
/// The pass over the pre-activations: for one tile of probes and one chunk of hidden units it applies the rank-one updates of a block and adds up
/// what each step does to the outputs (docs/rank-one.md).
/// </summary>
internal abstract unsafe class RankOneKernel : IActivationKernel<RankOneKernel>
{
    /// <summary>Hidden units of a chunk: its pre-activations are 32 KiB a tile, and sums in float32 stay this short.</summary>
    public const int ChunkUnits = 128;

    /// <summary>See <see cref="IActivationLanes.SkipsInactiveUnits"/>.</summary>
    public abstract bool SkipsInactiveUnits { get; }

    public static RankOneKernel Create<TLanes, TVector, TActivation>()
        where TLanes : ILanes<TVector>
        where TVector : struct
        where TActivation : IActivationLanes => new VectorRankOneKernel<TLanes, TVector, TActivation>();

    /// <summary>Runs the pass.</summary>
    /// <param name="steps">The block.</param>
    /// <param name="overlaps">B x 64: x_j . x_b (+ 1).</param>
    /// <param name="preActivations">units x 64; moved along if the steps were applied.</param>
    /// <param name="units">The units of the chunk.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> values.</param>
    /// <param name="sums">B x K x 64: the changes of the outputs are added here, without those of the output biases.</param>
    /// <param name="next">The pre-activations of the next run, of which as many are brought into the cache meanwhile as this one has.</param>
    public abstract void Run(in BlockSteps steps, float* overlaps, float* preActivations, int units, float* scratch, double* sums, float* next);

    /// <summary>Float32 values that a run needs beside its arguments: what is kept beside the pre-activations, and one step's differences.</summary>
    public static int ScratchLength => 2 * ChunkUnits * ProbeTile.Probes;
}
