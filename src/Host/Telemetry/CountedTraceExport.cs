using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace ElasticityStream.Host.Telemetry;

/// <summary>Sends spans by OTLP, in batches, and counts those that are lost.</summary>
internal sealed class CountedTraceExport(OtlpExporterOptions options, DroppedItems dropped, int queue)
    : BatchActivityExportProcessor(new Exporter(options, dropped), maxQueueSize: queue)
{
    public override void OnEnd(Activity data)
    {
        if (data.Recorded && dropped.TryEnter())
            base.OnEnd(data);
    }

    private sealed class Exporter(OtlpExporterOptions options, DroppedItems dropped) : OtlpTraceExporter(options)
    {
        public override ExportResult Export(in Batch<Activity> batch) => dropped.Leave(batch.Count, base.Export(batch));
    }
}
