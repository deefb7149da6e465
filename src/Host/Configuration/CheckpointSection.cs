using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>checkpoint</c> of a study. Nothing in it changes a result.</summary>
public sealed record CheckpointSection
{
    [Description("Steps between two checkpoints, each at the next block boundary; null = no such rule.")]
    [Range(1L, long.MaxValue)]
    public long? EverySteps { get; init; }

    [Description("Minutes between two checkpoints, each at the next block boundary; null = no such rule. The end of a study, and a signal, write one in any case.")]
    [Range(0.001, 100_000.0)]
    public double? EveryMinutes { get; init; } = 10;

    [Description("How many of the latest checkpoints are kept.")]
    [Range(1, 1000)]
    public int Keep { get; init; } = 2;

    [Description("Of all checkpoints every so many are kept for good, for sweeps at their weights; null = none.")]
    [Range(1, int.MaxValue)]
    public int? KeepEvery { get; init; }
}
