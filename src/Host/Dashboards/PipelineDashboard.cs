using ElasticityStream.Actors.Telemetry;

namespace ElasticityStream.Host.Dashboards;

/// <summary>What limits a run.</summary>
internal static class PipelineDashboard
{
    private const string Run = "{{service_instance_id}}, {{model}}";
    private const string ByRun = "service_instance_id, model";

    public static Dashboard Create() => new(
        "elasticity-pipeline", "Elasticity: pipeline internals", "Where the time and the memory of a run go, and what was lost on the way.",
        Dashboard.RunVariables(all: true),
        new Panel("timeseries", "Step duration", "Time that the trainer takes for one step, without waiting.", "s", 12,
            new PanelQuery(Queries.Quantile(0.5, Instruments.StepDuration, ByRun), $"median: {Run}"),
            new PanelQuery(Queries.Quantile(0.99, Instruments.StepDuration, ByRun), $"99 %: {Run}"))
        { Minimum = 0 },
        ProcessPanels.ProbeDuration(12),
        new Panel("timeseries", "Rows per second", "Rows of perturbations; degenerate where a denominator was 0 or not finite.", "ops", 12,
            new PanelQuery(Queries.Rate(Instruments.ProbeRows, ByRun + ", outcome"), $"{{{{outcome}}}}: {Run}"))
        { Minimum = 0 },
        new Panel("timeseries", "Blocks in flight", "Blocks that the trainer was given and that are not accumulated yet.", "short", 6,
            new PanelQuery(Queries.Of(Instruments.PipelineInFlight), Run))
        { Minimum = 0 },
        new Panel("timeseries", "Lag", "Blocks that are trained but not accumulated yet: how far the measurements are behind the weights.", "short", 6,
            new PanelQuery(Queries.Of(Instruments.PipelineLag), Run))
        { Minimum = 0 },
        new Panel("timeseries", "Live tensors", "Torch tensors alive in the process: a line that climbs is a leak.", "short", 8,
            new PanelQuery(Queries.Of(Instruments.LiveTensors), "{{service_instance_id}}"))
        { Minimum = 0 },
        ProcessPanels.Memory(8),
        new Panel("timeseries", "Telemetry that was dropped", "Spans, log records and metrics that were not delivered over the time that is shown.", "short", 8,
            new PanelQuery(Queries.Increase(Instruments.TelemetryDropped, "service_instance_id, signal"), "{{signal}}: {{service_instance_id}}"))
        { Minimum = 0 },
        new Panel("timeseries", "Checkpoint age", "Time since the latest checkpoint was saved, or since the start before the first: what a killed process would lose.", "s", 6,
            new PanelQuery(Queries.Of(Instruments.CheckpointAge), Run))
        { Minimum = 0 },
        new Panel("timeseries", "Checkpoint duration", "Time to save a checkpoint, over all since the run began. Steps go on meanwhile.", "s", 6,
            new PanelQuery(Queries.QuantileOfAll(0.5, Instruments.CheckpointDuration, ByRun), $"median: {Run}"),
            new PanelQuery(Queries.QuantileOfAll(0.99, Instruments.CheckpointDuration, ByRun), $"99 %: {Run}"))
        { Minimum = 0 },
        new Panel("timeseries", "Checkpoint size", "Size of the latest checkpoint; the disk holds checkpoint.keep of them, those that stay for good, and one more while it is saved.", "bytes", 6,
            new PanelQuery(Queries.Of(Instruments.CheckpointSize), Run))
        { Minimum = 0 },
        new Panel("timeseries", "Rewinds", "How often an actor failed and all went back to a checkpoint, since the run began or was resumed. The events of run.db have the causes.", "short", 6,
            new PanelQuery(Queries.Of(Instruments.Rewinds), Run))
        { Minimum = 0 });
}
