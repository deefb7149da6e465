using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ElasticityStream.Compute.Probing;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>probe</c> of a study.</summary>
public sealed record ProbeSection
{
    [Description("The number of probes: the first primary samples in the order of the source, spread evenly over the classes; null = all primary samples.")]
    [Range(1, int.MaxValue)]
    public int? Count { get; init; }

    [Description("Whether the probes are kept out of training; their rows then come from sweeps only, so that count and, with protocol online, sweep.every are required.")]
    public bool HeldOut { get; init; }

    [Description("How perturbations are computed: a whole block in one pass over the pre-activations of one hidden layer, in float32 (rank-one), propagating the change through the layers in float32 (delta-forward), subtracting two forward passes in float64 (full-forward), or the fastest that the model allows (auto).")]
    public ProbeEngineKind Engine { get; init; } = ProbeEngineKind.Auto;

    [Description("The number of evaluators that share the probes and run concurrently; null = one for each core, with 16 probes or more each.")]
    [Range(1, 256)]
    public int? Evaluators { get; init; }

    [Description("Steps handed over together.")]
    [Range(1, 4096)]
    public int BlockSize { get; init; } = 32;

    [Description("Blocks that may be in flight between the trainer and the evaluators.")]
    [Range(1, 64)]
    public int Credits { get; init; } = 3;

    [Description("Steps after which incrementally carried state is computed anew from the weights, at the next block boundary.")]
    [Range(1L, long.MaxValue)]
    public long RebaseEvery { get; init; } = 4096;
}
