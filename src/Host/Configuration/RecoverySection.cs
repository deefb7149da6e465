using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>recovery</c> of a study. Nothing in it changes a result.</summary>
public sealed record RecoverySection
{
    [Description("How often in a row a trainer, an evaluator or whoever gathers their rows may fail before the study gets beyond the point that all went back to; 0 = the first failure ends the study.")]
    [Range(0, 1000)]
    public int MaxRewinds { get; init; } = 3;

    [Description("Minutes without any progress, while samples are in flight, after which the study counts as stuck and ends with a report of what each actor was doing; null = never.")]
    [Range(0.001, 100_000.0)]
    public double? StuckAfterMinutes { get; init; } = 30;
}
