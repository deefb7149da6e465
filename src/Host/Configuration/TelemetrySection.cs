using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>telemetry</c> of a study. Nothing in it changes a result.</summary>
public sealed record TelemetrySection
{
    [Description("Whether the live page, metrics and health checks are served over HTTP while the study runs.")]
    public bool Serve { get; init; } = true;

    [Description("The IP address to serve at; whoever can reach it can read it, without a password, so that anything but a loopback address is warned of.")]
    [Required]
    public string Address { get; init; } = "127.0.0.1";

    [Description("The port to serve at; 0 = any that is free. Where it is taken, a free one is used instead.")]
    [Range(0, 65535)]
    public int Port { get; init; } = 9464;

    [Description("Where metrics, traces and logs are sent by OTLP; without an endpoint here or in OTEL_EXPORTER_OTLP_ENDPOINT nothing is sent.")]
    public OtlpSection Otlp { get; init; } = new();

    [Description("The fraction of the blocks that are traced, where traces are sent; null = as OTEL_TRACES_SAMPLER says, or 0.01 without it.")]
    [Range(0.0, 1.0)]
    public double? TraceFraction { get; init; }

    [Description("The least severe log records that are shown on standard error; log.jsonl has those of level information and above.")]
    public LogLevel ConsoleLevel { get; init; } = LogLevel.Warning;
}
