using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ElasticityStream.Host.Configuration;

/// <summary>
/// One study as its file states it, every default filled in. Immutable; two configurations are equal if they state the same
/// values. The descriptions are the text of <c>docs/configuration.md</c> and of the JSON schema.
/// </summary>
public sealed record StudyConfiguration
{
    [Description("Names the study, and the folder of its runs under output.directory.")]
    [RegularExpression("^[A-Za-z0-9_-]{1,100}$", ErrorMessage = "a name of 1 to 100 letters, digits, - and _")]
    public required string Name { get; init; }

    [Description("Fixes every random choice: initial weights, order of the samples, clustering starts; the same study with the same seed gives the same result.")]
    public long Seed { get; init; } = 1;

    [Description("Where the samples come from.")]
    public required SourceSection Source { get; init; }

    [Description("The network.")]
    public required ModelSection Model { get; init; }

    [Description("How the network learns.")]
    public required TrainingSection Training { get; init; }

    [Description("Where and how the change of the predictions is measured.")]
    public ProbeSection Probe { get; init; } = new();

    [Description("How perturbations become rows of the similarity matrices.")]
    public SimilaritySection Similarity { get; init; } = new();

    [Description("Complete matrices at frozen weights, while the network trains or as the whole study.")]
    public SweepSection Sweep { get; init; } = new();

    [Description("What is clustered, how and when.")]
    public ClusteringSection Clustering { get; init; } = new();

    [Description("A second model trained on the same samples in the same order, for comparison; null = none.")]
    public ContrastSection? Contrast { get; init; }

    [Description("When the study's state is saved, so that a run whose process ended can go on; changes no result.")]
    public CheckpointSection Checkpoint { get; init; } = new();

    [Description("What happens when a part of the study fails or hangs; changes no result.")]
    public RecoverySection Recovery { get; init; } = new();

    [Description("What is written, and where.")]
    public OutputSection Output { get; init; } = new();

    [Description("How the study can be watched while it runs; changes no result.")]
    public TelemetrySection Telemetry { get; init; } = new();
}
