using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>training.pretraining</c> of a study.</summary>
public sealed record PretrainingSection
{
    [Description("Passes over the samples; 0 = no pretraining.")]
    [Range(0, int.MaxValue)]
    public int Epochs { get; init; }

    [Description("Samples per step, whose mean gradient is applied.")]
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 32;

    [Description("The step size of the pretraining.")]
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 0.01;
}
