using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Serilog.Extensions.Logging;

namespace ElasticityStream.Host.Telemetry;

/// <summary>Gives a run's metrics, traces and logs the ways out that the study and the environment ask for.</summary>
internal static class RunTelemetry
{
    private const int Queue = 2048;
    private const double DefaultTraceFraction = 0.01;
    private const int DefaultMetricInterval = 10;

    /// <summary>The names of the signals.</summary>
    public static IEnumerable<string> Signals => Enum.GetValues<Signal>().Select(s => s.Name());

    /// <summary>Adds the exporters.</summary>
    /// <param name="builder">The run's host.</param>
    /// <param name="section">What the study states.</param>
    /// <param name="run">The run.</param>
    /// <param name="meter">Its meter, which also counts what is dropped.</param>
    /// <param name="log">The run's log file; its owner closes it.</param>
    /// <exception cref="TelemetryException">A variable of the environment has a value that means nothing.</exception>
    public static void Add(HostApplicationBuilder builder, TelemetrySection section, RunIdentity run, ElasticityMeter meter, RunLog log)
    {
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddRun(run));
        AddMetrics(telemetry, section, meter);
        AddTraces(telemetry, section, meter);
        AddLogs(builder.Logging, section, run, meter, log);
    }

    private static void AddMetrics(OpenTelemetryBuilder telemetry, TelemetrySection section, ElasticityMeter meter)
    {
        var target = OtlpTarget.Of(Signal.Metrics, section.Otlp, Environment.GetEnvironmentVariable);
        if (target is null && !section.Serve)
            return;
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(ElasticityMeter.Name).AddDurationBuckets();
            if (section.Serve)
                metrics.AddPrometheusExporter(options => options.ResourceConstantLabels = TelemetryResource.IsLabel);
            if (target is not null)
            {
                metrics.AddReader(new PeriodicExportingMetricReader(
                    new CountedMetricExporter(target, new DroppedItems(meter, Signal.Metrics, Queue)), Interval(section.Otlp)));
            }
        });
    }

    private static int Interval(OtlpSection section) => section.MetricInterval is { } seconds ? seconds * 1000
        : int.TryParse(Environment.GetEnvironmentVariable("OTEL_METRIC_EXPORT_INTERVAL"), out var milliseconds) && milliseconds > 0 ? milliseconds
        : DefaultMetricInterval * 1000;

    private static void AddTraces(OpenTelemetryBuilder telemetry, TelemetrySection section, ElasticityMeter meter)
    {
        if (section.TraceFraction == 0 || OtlpTarget.Of(Signal.Traces, section.Otlp, Environment.GetEnvironmentVariable) is not { } target)
            return;
        telemetry.WithTracing(traces =>
        {
            traces.AddSource(StudyTracing.SourceName).AddProcessor(new CountedTraceExport(target, new DroppedItems(meter, Signal.Traces, Queue), Queue));
            if (section.TraceFraction is not null || string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_TRACES_SAMPLER")))
                traces.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(section.TraceFraction ?? DefaultTraceFraction)));
        });
    }

    private static void AddLogs(ILoggingBuilder logging, TelemetrySection section, RunIdentity run, ElasticityMeter meter, RunLog log)
    {
        logging.SetMinimumLevel(LogLevel.Trace);
        logging.AddSimpleConsole(o => o.SingleLine = true);
        logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        // Why a run failed is said by the command itself.
        logging.AddFilter<ConsoleLoggerProvider>(
            (category, level) => level >= section.ConsoleLevel && !(category == RunLogMessages.Category && level == LogLevel.Error));
        logging.AddProvider(log.CreateProvider());
        logging.AddFilter<SerilogLoggerProvider>(null, LogLevel.Information);
        logging.AddFilter<SerilogLoggerProvider>("Microsoft", LogLevel.Warning);
        if (OtlpTarget.Of(Signal.Logs, section.Otlp, Environment.GetEnvironmentVariable) is not { } target)
            return;
        logging.AddFilter<OpenTelemetry.Logs.OpenTelemetryLoggerProvider>(null, LogLevel.Information);
        logging.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(ResourceBuilder.CreateDefault().AddRun(run));
            options.IncludeFormattedMessage = true;
            foreach (var processor in CountedLogExport.Create(target, new DroppedItems(meter, Signal.Logs, Queue), Queue))
                options.AddProcessor(processor);
        });
    }
}
