using System.ComponentModel;
using ElasticityStream.Compute.Models;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>contrast</c> of a study: what differs from the main model, everything else being the same.</summary>
public sealed record ContrastSection
{
    [Description("The function of the second model's hidden units.")]
    public Activation Activation { get; init; } = Activation.Identity;

    [Description("The step size of the second model, which has a K_ii of its own; auto = 0.5 / mean K_ii measured at the start.")]
    public LearningRateSetting LearningRate { get; init; } = LearningRateSetting.Auto;

    [Description("Passes of the second model, at most training.passes, or unlimited = until the study is stopped; null = training.passes.")]
    public PassesSetting? Passes { get; init; }
}
