using ElasticityStream.Actors.Telemetry;
using Instrument = ElasticityStream.Actors.Telemetry.Instrument;

namespace ElasticityStream.Host.Live;

/// <summary>What the live page shows: its charts and numbers, made from the same list of instruments as Grafana's dashboards.</summary>
internal static class LivePanels
{
    /// <summary>The charts, in their order.</summary>
    public static IReadOnlyList<LiveChart> Charts { get; } =
    [
        new("index", "Elasticity index", "",
            "Mean similarity of same-class pairs over that plus the mean of different-class pairs; dashed: of the exactly linear model on the same probes. 0.5 does not tell the classes apart.",
            [LiveCurve.Value(Instruments.Index, ""), LiveCurve.Value(Instruments.IndexReference, "reference", LiveCurve.Dashed)]),
        new("similarity", "Similarity of class pairs", "",
            "Mean similarity from steps at one class to probes of another, over the latest interval of recording.",
            [LiveCurve.Value(Instruments.Similarity, "")], OneMeasure: true),
        new("loss", "Loss", "", Instruments.TrainingLoss.Description, [LiveCurve.Value(Instruments.TrainingLoss, "")], Logarithmic: true),
        new("accuracy", "Training accuracy", "", Instruments.TrainingAccuracy.Description, [LiveCurve.Value(Instruments.TrainingAccuracy, "")]),
        new("clustering", "Clustering", "",
            "How well the clusters agree with the classes: accuracy by the best matching, adjusted Rand index (ARI, dashed), normalised mutual information (NMI, dotted).",
            [
                LiveCurve.Value(Instruments.ClusteringAccuracy, "accuracy"), LiveCurve.Value(Instruments.ClusteringAri, "ARI", LiveCurve.Dashed),
                LiveCurve.Value(Instruments.ClusteringNmi, "NMI", LiveCurve.Dotted),
            ], OneMeasure: true),
        new("clusters", "Cluster sizes", "samples", Instruments.ClusterSize.Description, [LiveCurve.Value(Instruments.ClusterSize, "")], OneMeasure: true),
        new("churn", "Churn", "", Instruments.ClusteringChurn.Description, [LiveCurve.Value(Instruments.ClusteringChurn, "")], OneMeasure: true),
        new("rate", "Speed", "steps/s", "SGD steps, each probed.", [LiveCurve.Rate(Instruments.TrainingSteps, "", "model")]),
        new("probe", "Probe latency", "s", "Mean time that an evaluator takes for one request, which is the steps of a block.", [LiveCurve.Mean(Instruments.ProbeDuration, "")],
            Logarithmic: true),
        new("pipeline", "Pipeline", "blocks", "In flight: given to the trainer and not accumulated yet; of these, those that are trained already (lag).",
            [LiveCurve.Value(Instruments.PipelineInFlight, "in flight"), LiveCurve.Value(Instruments.PipelineLag, "lag", LiveCurve.Dashed)]),
        new("memory", "Memory", "B", Instruments.ProcessMemory.Description, [LiveCurve.Value(Instruments.ProcessMemory, "resident")]),
    ];

    /// <summary>The numbers, in their order.</summary>
    public static IReadOnlyList<LiveFigure> Figures { get; } =
    [
        new("Degenerate rows", "", Instruments.ProbeRows.Name, "outcome=degenerate", "Steps without a row: the denominator of a measure was 0 or not finite."),
        new("Rejected samples", "", Instruments.SamplesRejected.Name, null, Instruments.SamplesRejected.Description),
        new("Checkpoint age", "s", Instruments.CheckpointAge.Name, null, Instruments.CheckpointAge.Description),
        new("Rewinds", "", Instruments.Rewinds.Name, null, Instruments.Rewinds.Description),
        new("Torch tensors", "", Instruments.LiveTensors.Name, null, Instruments.LiveTensors.Description),
        new("Telemetry dropped", "", Instruments.TelemetryDropped.Name, null, Instruments.TelemetryDropped.Description),
    ];

    /// <summary>
    /// What is deliberately not on the page: the duration of a step costs every step to listen to; the state has a place of its own; how long a
    /// checkpoint takes and how large it is hold up no step, and matter to who sets a machine up, not to who watches a study.
    /// </summary>
    public static IReadOnlyList<Instrument> NotShown { get; } =
        [Instruments.StepDuration, Instruments.StudyState, Instruments.CheckpointDuration, Instruments.CheckpointSize];
}
