using ElasticityStream.Actors.Telemetry;

namespace ElasticityStream.Host.Dashboards;

/// <summary>Several runs beside each other.</summary>
internal static class CompareRunsDashboard
{
    private const string ChosenMeasure = "measure=~\"$measure\"";
    private const string Run = "{{study_name}} {{service_instance_id}}, {{model}}";

    public static Dashboard Create() => new(
        "elasticity-compare", "Elasticity: compare runs", "Several runs beside each other, each by its id.",
        [
            .. Dashboard.RunVariables(all: true),
            new("measure", "Measure", $"label_values({Queries.Of(Instruments.Index)}, measure)", ShowsAll: false),
        ],
        new Panel("timeseries", "Elasticity index", "Mean similarity of same-class pairs over that plus the mean of different-class pairs.", "none", 12,
            new PanelQuery(Queries.Of(Instruments.Index, ChosenMeasure), Run + ", {{measure}}")),
        new Panel("timeseries", "Index beyond its reference", "The elasticity index minus that of the exactly linear model on the same probes: comparable between data sets.", "none", 12,
            new PanelQuery($"{Queries.Of(Instruments.Index, ChosenMeasure)} - {Queries.Of(Instruments.IndexReference, ChosenMeasure)}", Run + ", {{measure}}")),
        new Panel("timeseries", "Loss", "Mean over the latest output.window steps.", "none", 12, new PanelQuery(Queries.Of(Instruments.TrainingLoss), Run)) { Minimum = 0 },
        new Panel("timeseries", "Training accuracy", "Fraction of the latest output.window samples that were predicted right.", "percentunit", 12,
            new PanelQuery(Queries.Of(Instruments.TrainingAccuracy), Run))
        { Minimum = 0, Maximum = 1 },
        new Panel("timeseries", "Clustering accuracy", "Of the restart with the best objective.", "percentunit", 12,
            new PanelQuery(Queries.Of(Instruments.ClusteringAccuracy, ChosenMeasure), Run + ", {{measure}}, {{method}}"))
        { Minimum = 0, Maximum = 1 },
        new Panel("timeseries", "Steps", "SGD steps since each run began.", "short", 12,
            new PanelQuery($"sum by (study_name, service_instance_id, model) ({Queries.Of(Instruments.TrainingSteps)})", Run))
        { Minimum = 0 },
        new Panel("timeseries", "Steps per second", "How fast each run goes.", "ops", 12,
            new PanelQuery(Queries.Rate(Instruments.TrainingSteps, "study_name, service_instance_id, model"), Run))
        { Minimum = 0 },
        ProcessPanels.Memory(12));
}
