using ElasticityStream.Host.Configuration;
using OpenTelemetry.Exporter;

namespace ElasticityStream.Host.Telemetry;

/// <summary>Where the signals of a run are sent by OTLP; null for one that is not.</summary>
/// <param name="Metrics">The metrics.</param>
/// <param name="MetricInterval">Milliseconds between two exports of them.</param>
/// <param name="Traces">The spans.</param>
/// <param name="Logs">The log records.</param>
internal sealed record OtlpTargets(OtlpExporterOptions? Metrics, int MetricInterval, OtlpExporterOptions? Traces, OtlpExporterOptions? Logs)
{
    private const string IntervalVariable = "OTEL_METRIC_EXPORT_INTERVAL";
    private const int DefaultInterval = 10_000;

    /// <summary>What the study and the environment ask for.</summary>
    /// <exception cref="TelemetryException">A variable has a value that means nothing.</exception>
    public static OtlpTargets Of(OtlpSection section, Func<string, string?> environment) => new(
        OtlpTarget.Of(Signal.Metrics, section, environment),
        section.MetricInterval * 1000
            ?? (environment(IntervalVariable) is { Length: > 0 } text ? OtlpTarget.Milliseconds(text, IntervalVariable) : DefaultInterval),
        OtlpTarget.Of(Signal.Traces, section, environment),
        OtlpTarget.Of(Signal.Logs, section, environment));
}
