using System.Text.Json.Nodes;
using ElasticityStream.Actors.Telemetry;

namespace ElasticityStream.Host.Dashboards;

/// <summary>One study: how elastic the network is, and how far it has come.</summary>
internal static class StudyDashboard
{
    private const string ChosenMeasure = "measure=~\"$measure\"";
    private const string Model = "{{model}}, {{measure}}";
    private const string Clusterer = "{{model}}, {{measure}}, {{method}}";

    public static Dashboard Create() => new(
        "elasticity-study", "Elasticity: study", "How the local elasticity of a network moves while it learns.",
        [
            .. Dashboard.RunVariables(all: false),
            new("measure", "Measure", $"label_values({Queries.Of(Instruments.Index)}, measure)", ShowsAll: true),
            new("class", "Class of the step", $"label_values({Queries.Of(Instruments.Similarity)}, from)", ShowsAll: true),
        ],
        new Panel("stat", "State", "What the study is doing: starting, running, idle (its source is quiet), ended or failed.", "none", 4,
            new PanelQuery($"{Queries.Of(Instruments.StudyState)} == 1", "{{state}}")),
        new Panel("stat", "Steps", "SGD steps since the run began.", "short", 4,
            new PanelQuery($"sum by (model) ({Queries.Of(Instruments.TrainingSteps)})", "{{model}}")),
        new Panel("stat", "Index beyond its reference", "The elasticity index minus that of the exactly linear model: above 0 the network is elastic.", "none", 8,
            new PanelQuery($"{Queries.Of(Instruments.Index, ChosenMeasure)} - {Queries.Of(Instruments.IndexReference, ChosenMeasure)}", Model)),
        new Panel("stat", "Loss", "Mean loss of the latest steps.", "none", 4, new PanelQuery(Queries.Of(Instruments.TrainingLoss), "{{model}}")),
        new Panel("stat", "Rejected samples", "Samples that something was wrong with, since the run began.", "short", 4,
            new PanelQuery($"sum ({Queries.Of(Instruments.SamplesRejected)})", "rejected")),
        new Panel(
            "timeseries", "Elasticity index",
            "Mean similarity of same-class pairs over that plus the mean of different-class pairs. 0.5 tells the classes not apart; compare with the reference, which is the exactly linear model's on the same probes.",
            "none", 12,
            new PanelQuery(Queries.Of(Instruments.Index, ChosenMeasure), Model),
            new PanelQuery(Queries.Of(Instruments.IndexReference, ChosenMeasure), $"reference: {Model}")),
        new Panel("timeseries", "Similarity between classes", "Mean similarity from steps at one class to probes of another.", "none", 12,
            new PanelQuery(Queries.Of(Instruments.Similarity, $"{ChosenMeasure},from=~\"$class\""), "{{model}}, {{measure}}: {{from}} to {{to}}")),
        new Panel("table", "Class pairs: relative similarity", "Rows: the class of the step; columns: the class of the probe. The main model's latest values.", "none", 12,
            new PanelQuery($"avg by (from, to) ({Queries.Of(Instruments.Similarity, "measure=\"relative\",model=\"main\"")})", ""))
        { Transformations = Matrix() },
        new Panel("table", "Class pairs: kernelized similarity", "Rows: the class of the step; columns: the class of the probe. The main model's latest values.", "none", 12,
            new PanelQuery($"avg by (from, to) ({Queries.Of(Instruments.Similarity, "measure=\"kernelized\",model=\"main\"")})", ""))
        { Transformations = Matrix() },
        new Panel("timeseries", "Loss", "Mean over the latest output.window steps, each before its step.", "none", 12,
            new PanelQuery(Queries.Of(Instruments.TrainingLoss), "{{model}}"))
        { Minimum = 0 },
        new Panel("timeseries", "Training accuracy", "Fraction of the latest output.window samples that were predicted right before their step.", "percentunit", 12,
            new PanelQuery(Queries.Of(Instruments.TrainingAccuracy), "{{model}}"))
        { Minimum = 0, Maximum = 1 },
        new Panel("timeseries", "Clustering accuracy", "Of the restart with the best objective. Compare with the control in run.db before calling it high.", "percentunit", 12,
            new PanelQuery(Queries.Of(Instruments.ClusteringAccuracy, ChosenMeasure), Clusterer))
        { Minimum = 0, Maximum = 1 },
        new Panel("timeseries", "Clustering scores", "Adjusted Rand index and normalised mutual information: 0 is what chance gives.", "none", 12,
            new PanelQuery(Queries.Of(Instruments.ClusteringAri, ChosenMeasure), $"ARI: {Clusterer}"),
            new PanelQuery(Queries.Of(Instruments.ClusteringNmi, ChosenMeasure), $"NMI: {Clusterer}"))
        { Maximum = 1 },
        new Panel("timeseries", "Cluster sizes", "Probes in each cluster; clusters keep their numbers over time.", "short", 12,
            new PanelQuery(Queries.Of(Instruments.ClusterSize, ChosenMeasure), $"{{{{cluster}}}}: {Clusterer}"))
        { Minimum = 0 },
        new Panel("timeseries", "Churn", "Fraction of probes that changed their cluster since the clustering before.", "percentunit", 12,
            new PanelQuery(Queries.Of(Instruments.ClusteringChurn, ChosenMeasure), Clusterer))
        { Minimum = 0, Maximum = 1 },
        new Panel("timeseries", "Steps per second", "SGD steps, by the role of their sample.", "ops", 8,
            new PanelQuery(Queries.Rate(Instruments.TrainingSteps, "model, role"), "{{model}}, {{role}}"))
        { Minimum = 0 },
        ProcessPanels.ProbeDuration(8),
        new Panel("timeseries", "Pipeline", "Blocks that the trainer was given and that are not accumulated yet, and those of them that it has trained.", "short", 8,
            new PanelQuery(Queries.Of(Instruments.PipelineInFlight), "in flight: {{model}}"),
            new PanelQuery(Queries.Of(Instruments.PipelineLag), "lag: {{model}}"))
        { Minimum = 0 },
        new Panel("timeseries", "Rejected samples", "Samples diverted because something was wrong with them, by reason.", "short", 12,
            new PanelQuery(Queries.Of(Instruments.SamplesRejected), "{{reason}}"))
        { Minimum = 0 },
        ProcessPanels.Memory(12));

    private static JsonArray Matrix() => new(new JsonObject
    {
        ["id"] = "groupingToMatrix",
        ["options"] = new JsonObject { ["rowField"] = "from", ["columnField"] = "to", ["valueField"] = "Value" },
    });
}
