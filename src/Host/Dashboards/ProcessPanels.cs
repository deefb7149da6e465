using ElasticityStream.Actors.Telemetry;

namespace ElasticityStream.Host.Dashboards;

/// <summary>Panels that more than one dashboard has.</summary>
internal static class ProcessPanels
{
    private const string ByRun = "service_instance_id, model, engine";
    private const string Run = "{{service_instance_id}}, {{model}}, {{engine}}";

    /// <summary>The resident memory of each run.</summary>
    public static Panel Memory(int width) => new(
        "timeseries", "Memory", "Resident memory of the process.", "bytes", width,
        new PanelQuery(Queries.Of(Instruments.ProcessMemory), "{{study_name}} {{service_instance_id}}"))
    { Minimum = 0 };

    /// <summary>How long a request takes an evaluator.</summary>
    public static Panel ProbeDuration(int width) => new(
        "timeseries", "Probe latency", "Time that an evaluator takes for one request, which is the steps of a block.", "s", width,
        new PanelQuery(Queries.Quantile(0.5, Instruments.ProbeDuration, ByRun), $"median: {Run}"),
        new PanelQuery(Queries.Quantile(0.99, Instruments.ProbeDuration, ByRun), $"99 %: {Run}"))
    { Minimum = 0 };
}
