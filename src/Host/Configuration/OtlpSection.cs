using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>telemetry.otlp</c> of a study.</summary>
public sealed record OtlpSection
{
    [Description("The address of an OTLP receiver, such as http://127.0.0.1:4317; null = as OTEL_EXPORTER_OTLP_ENDPOINT says, or nothing is sent.")]
    public string? Endpoint { get; init; }

    [Description("How it is spoken to; null = as OTEL_EXPORTER_OTLP_PROTOCOL says, or grpc without it.")]
    public OtlpProtocol? Protocol { get; init; }

    [Description("Seconds between two exports of the metrics; null = as OTEL_METRIC_EXPORT_INTERVAL says, or 10 without it.")]
    [Range(1, 3600)]
    public int? MetricInterval { get; init; }
}
