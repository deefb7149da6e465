using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace ElasticityStream.Host.Telemetry;

/// <summary>Sends metrics by OTLP, and counts those that are lost; counters make up for it at the next export.</summary>
internal sealed class CountedMetricExporter(OtlpExporterOptions options, DroppedItems dropped) : OtlpMetricExporter(options)
{
    public override ExportResult Export(in Batch<Metric> batch) => dropped.Delivered(batch.Count, base.Export(batch));
}
