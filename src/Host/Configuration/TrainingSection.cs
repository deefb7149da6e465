using System.ComponentModel;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>training</c> of a study.</summary>
public sealed record TrainingSection
{
    [Description("How the rows of the matrices come about: one SGD step per streamed sample (online, Algorithm 1 of the paper), or virtual steps at the frozen weights (sweep, the paper's released script).")]
    public Protocol Protocol { get; init; } = Protocol.Online;

    [Description("The loss of one sample: (f - y)^2, binary cross-entropy of one output, or softmax cross-entropy of several.")]
    public Loss Loss { get; init; } = Loss.Mse;

    [Description("The quantity whose change is measured under bce; with any other loss it is the network's output, and resolves to logit.")]
    public Prediction Prediction { get; init; } = Prediction.Probability;

    [Description("The step size eta of SGD; auto = 0.5 / mean K_ii, K_ii = S_ker(x, x) measured at the probes at the start.")]
    public required LearningRateSetting LearningRate { get; init; }

    [Description("How many times the samples of the source are trained on; unlimited = until the study is stopped.")]
    public PassesSetting Passes { get; init; } = PassesSetting.Of(1);

    [Description("Whether each pass has an order of its own, drawn without replacement from the seed; false = the order of the source.")]
    public bool Shuffle { get; init; } = true;

    [Description("Mini-batch SGD on the study's samples before the first measured step.")]
    public PretrainingSection Pretraining { get; init; } = new();
}
