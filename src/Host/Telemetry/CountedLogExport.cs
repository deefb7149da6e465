using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;

namespace ElasticityStream.Host.Telemetry;

/// <summary>Sends log records by OTLP, in batches, and counts those that are lost.</summary>
internal sealed class CountedLogExport : BatchLogRecordExportProcessor
{
    private readonly DroppedItems _dropped;

    private CountedLogExport(OtlpLogExporter exporter, DroppedItems dropped, int queue)
        : base(new Exporter(exporter, dropped), maxQueueSize: queue) => _dropped = dropped;

    /// <summary>The processors to add, both of them.</summary>
    public static IReadOnlyList<BaseProcessor<LogRecord>> Create(OtlpExporterOptions options, DroppedItems dropped, int queue)
    {
        var otlp = new OtlpLogExporter(options);
        // In this order they are shut down: what waits is sent before the owner closes the exporter.
        return [new CountedLogExport(otlp, dropped, queue), new ExporterOwner(otlp)];
    }

    public override void OnEnd(LogRecord data)
    {
        if (_dropped.TryEnter())
            base.OnEnd(data);
    }

    private sealed class Exporter(OtlpLogExporter exporter, DroppedItems dropped) : BaseExporter<LogRecord>
    {
        public override ExportResult Export(in Batch<LogRecord> batch) => dropped.Leave(batch.Count, exporter.Export(batch));
    }

    // The library's exporter is sealed, and learns of the run's resource only from a processor that owns it; this one passes nothing on.
    private sealed class ExporterOwner(OtlpLogExporter exporter) : SimpleLogRecordExportProcessor(exporter)
    {
        public override void OnEnd(LogRecord data)
        {
        }
    }
}
