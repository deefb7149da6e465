using ElasticityStream.Actors.Telemetry;
using OpenTelemetry.Resources;

namespace ElasticityStream.Host.Telemetry;

/// <summary>The run as an OpenTelemetry resource: what every metric, span and log record says of where it comes from.</summary>
internal static class TelemetryResource
{
    public const string ServiceName = "elasticity-stream";
    public const string Run = "service.instance.id";
    public const string Study = "study.name";

    /// <summary>Adds the attributes of a run to those of OTEL_RESOURCE_ATTRIBUTES.</summary>
    public static ResourceBuilder AddRun(this ResourceBuilder resource, RunIdentity run) => resource
        .AddService(ServiceName, serviceVersion: typeof(ElasticityMeter).Assembly.GetName().Version?.ToString(3), serviceInstanceId: run.Run)
        .AddAttributes(new Dictionary<string, object>
        {
            [Study] = run.Study,
            ["elasticity.model"] = run.Model,
            ["elasticity.source"] = run.Source,
        });

    /// <summary>Whether an attribute is a label of every series, so that runs can be told apart wherever they were scraped.</summary>
    public static bool IsLabel(string attribute) => attribute is Run or Study;
}
