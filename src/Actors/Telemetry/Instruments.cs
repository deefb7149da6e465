namespace ElasticityStream.Actors.Telemetry;

/// <summary>
/// Every instrument of the meter <see cref="ElasticityMeter.Name"/>: the one place where their names stand. Dashboards, alert rules and
/// docs/telemetry.md are made from, or checked against, this list.
/// </summary>
public static class Instruments
{
    /// <summary>Steps by the role of their sample.</summary>
    public static readonly Instrument TrainingSteps = new(
        "elasticity.training.steps", InstrumentKind.Counter, "{step}", "SGD steps taken.", "model", "role");

    /// <summary>The moving mean of the loss.</summary>
    public static readonly Instrument TrainingLoss = new(
        "elasticity.training.loss", InstrumentKind.Gauge, null, "Mean loss over the latest output.window steps, each before its step.", "model");

    /// <summary>The moving mean of right predictions.</summary>
    public static readonly Instrument TrainingAccuracy = new(
        "elasticity.training.accuracy", InstrumentKind.Gauge, null,
        "Fraction of the latest output.window samples that were predicted right before their step.", "model");

    /// <summary>How long a step takes the trainer.</summary>
    public static readonly Instrument StepDuration = new(
        "elasticity.training.step.duration", InstrumentKind.Histogram, "s",
        "Time that the trainer takes for one step: that of a call over the steps it takes, without waiting.", "model");

    /// <summary>Rows by whether they could be normalised.</summary>
    public static readonly Instrument ProbeRows = new(
        "elasticity.probe.rows", InstrumentKind.Counter, "{row}",
        "Rows of perturbations, one a step; degenerate where the denominator of a measure was 0 or not finite.", "model", "outcome");

    /// <summary>How long a request takes an evaluator.</summary>
    public static readonly Instrument ProbeDuration = new(
        "elasticity.probe.duration", InstrumentKind.Histogram, "s", "Time that an evaluator takes for one request, which is the steps of a block.", "model", "engine");

    /// <summary>The similarity from one class to another.</summary>
    public static readonly Instrument Similarity = new(
        "elasticity.similarity", InstrumentKind.Gauge, null,
        "Mean similarity from steps at one class to probes of another, over the latest interval of output.recordEvery steps with such a step.",
        "model", "measure", "from", "to");

    /// <summary>The elasticity index.</summary>
    public static readonly Instrument Index = new(
        "elasticity.index", InstrumentKind.Gauge, null,
        "Elasticity index: mean similarity of same-class pairs over that plus the mean of different-class pairs.", "model", "measure");

    /// <summary>What the index is to be compared with.</summary>
    public static readonly Instrument IndexReference = new(
        "elasticity.index.reference", InstrumentKind.Gauge, null, "Elasticity index of the exactly linear model on the same probes.", "model", "measure");

    /// <summary>The accuracy of the clustering.</summary>
    public static readonly Instrument ClusteringAccuracy = new(
        "elasticity.clustering.accuracy", InstrumentKind.Gauge, null,
        "Accuracy of the restart with the best objective, by the best matching of clusters to classes.", "model", "measure", "method");

    /// <summary>Its adjusted Rand index.</summary>
    public static readonly Instrument ClusteringAri = new(
        "elasticity.clustering.ari", InstrumentKind.Gauge, null, "Adjusted Rand index of the clustering.", "model", "measure", "method");

    /// <summary>Its normalised mutual information.</summary>
    public static readonly Instrument ClusteringNmi = new(
        "elasticity.clustering.nmi", InstrumentKind.Gauge, null, "Normalised mutual information of the clustering.", "model", "measure", "method");

    /// <summary>How much it moves.</summary>
    public static readonly Instrument ClusteringChurn = new(
        "elasticity.clustering.churn", InstrumentKind.Gauge, null, "Fraction of probes that changed their cluster since the clustering before.",
        "model", "measure", "method");

    /// <summary>How large the clusters are.</summary>
    public static readonly Instrument ClusterSize = new(
        "elasticity.clustering.cluster.size", InstrumentKind.Gauge, "{sample}", "Probes in a cluster; clusters keep their numbers over time.",
        "model", "measure", "method", "cluster");

    /// <summary>Samples that were not trained on.</summary>
    public static readonly Instrument SamplesRejected = new(
        "elasticity.samples.rejected", InstrumentKind.Counter, "{sample}", "Samples diverted because something was wrong with them.", "reason");

    /// <summary>Work under way.</summary>
    public static readonly Instrument PipelineInFlight = new(
        "elasticity.pipeline.inflight", InstrumentKind.Gauge, "{block}", "Blocks that the trainer was given and that are not accumulated yet.", "model");

    /// <summary>How far the measurements are behind the weights.</summary>
    public static readonly Instrument PipelineLag = new(
        "elasticity.pipeline.lag", InstrumentKind.Gauge, "{block}", "Blocks that are trained but not accumulated yet.", "model");

    /// <summary>How long a checkpoint takes to be saved.</summary>
    public static readonly Instrument CheckpointDuration = new(
        "elasticity.checkpoint.duration", InstrumentKind.Histogram, "s", "Time to save a checkpoint, on a thread of its own while steps go on.", "model");

    /// <summary>How old the latest checkpoint is.</summary>
    public static readonly Instrument CheckpointAge = new(
        "elasticity.checkpoint.age", InstrumentKind.Gauge, "s", "Time since the latest checkpoint was saved, or since the start before the first: what a killed process would lose.", "model");

    /// <summary>How large it is.</summary>
    public static readonly Instrument CheckpointSize = new(
        "elasticity.checkpoint.size", InstrumentKind.Gauge, "By", "Size of the latest checkpoint saved.", "model");

    /// <summary>How often actors failed.</summary>
    public static readonly Instrument Rewinds = new(
        "elasticity.study.rewinds", InstrumentKind.Counter, "{rewind}",
        "How often an actor failed and all went back to a checkpoint. Steps taken again are counted again by the other counters.", "model");

    /// <summary>Tensors alive in the process.</summary>
    public static readonly Instrument LiveTensors = new(
        "elasticity.torch.live_tensors", InstrumentKind.Gauge, "{tensor}", "Torch tensors alive in the process.");

    /// <summary>The process's memory.</summary>
    public static readonly Instrument ProcessMemory = new("process.memory.usage", InstrumentKind.Gauge, "By", "Resident memory of the process.");

    /// <summary>Telemetry that nobody received.</summary>
    public static readonly Instrument TelemetryDropped = new(
        "elasticity.telemetry.dropped", InstrumentKind.Counter, "{item}",
        "Spans, log records and metrics that were not delivered: the queue was full, or the endpoint did not take them.", "signal");

    /// <summary>What the study is doing.</summary>
    public static readonly Instrument StudyState = new(
        "elasticity.study.state", InstrumentKind.Gauge, null, "1 for the state that the study is in, 0 for the others.", "state");

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<Instrument> All { get; } =
    [
        TrainingSteps, TrainingLoss, TrainingAccuracy, StepDuration, ProbeRows, ProbeDuration, Similarity, Index, IndexReference, ClusteringAccuracy,
        ClusteringAri, ClusteringNmi, ClusteringChurn, ClusterSize, SamplesRejected, PipelineInFlight, PipelineLag, CheckpointDuration, CheckpointAge,
        CheckpointSize, Rewinds, LiveTensors, ProcessMemory, TelemetryDropped, StudyState,
    ];
}
