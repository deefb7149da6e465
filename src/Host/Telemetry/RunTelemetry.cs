using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Configuration;
using Microsoft.Extensions.Configuration;
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

    /// <summary>The names of the signals.</summary>
    public static IEnumerable<string> Signals => Enum.GetValues<Signal>().Select(s => s.Name());

    /// <summary>Adds the exporters.</summary>
    /// <param name="builder">The run's host.</param>
    /// <param name="section">What the study states.</param>
    /// <param name="targets">Where they are sent.</param>
    /// <param name="run">The run.</param>
    /// <param name="meter">Its meter, which also counts what is dropped.</param>
    /// <param name="log">The run's log file; its owner closes it.</param>
    public static void Add(
        HostApplicationBuilder builder, TelemetrySection section, OtlpTargets targets, RunIdentity run, ElasticityMeter meter, RunLog log)
    {
        // The SDK reads the variables of its own, such as OTEL_TRACES_SAMPLER, from here.
        builder.Configuration.AddEnvironmentVariables();
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddRun(run));
        AddMetrics(telemetry, section, targets, meter);
        AddTraces(telemetry, section, targets, meter);
        AddLogs(builder.Logging, section, targets, run, meter, log);
    }

    private static void AddMetrics(OpenTelemetryBuilder telemetry, TelemetrySection section, OtlpTargets targets, ElasticityMeter meter)
    {
        if (targets.Metrics is null && !section.Serve)
            return;
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(ElasticityMeter.Name).AddDurationBuckets();
            if (section.Serve)
                metrics.AddPrometheusExporter(options => options.ResourceConstantLabels = TelemetryResource.IsLabel);
            if (targets.Metrics is { } target)
            {
                metrics.AddReader(new PeriodicExportingMetricReader(
                    new CountedMetricExporter(target, new DroppedItems(meter, Signal.Metrics, Queue)), targets.MetricInterval));
            }
        });
    }

    private static void AddTraces(OpenTelemetryBuilder telemetry, TelemetrySection section, OtlpTargets targets, ElasticityMeter meter)
    {
        if (section.TraceFraction == 0 || targets.Traces is not { } target)
            return;
        telemetry.WithTracing(traces =>
        {
            traces.AddSource(StudyTracing.SourceName).AddProcessor(new CountedTraceExport(target, new DroppedItems(meter, Signal.Traces, Queue), Queue));
            if (section.TraceFraction is not null || string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_TRACES_SAMPLER")))
                traces.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(section.TraceFraction ?? DefaultTraceFraction)));
        });
    }

    private static void AddLogs(
        ILoggingBuilder logging, TelemetrySection section, OtlpTargets targets, RunIdentity run, ElasticityMeter meter, RunLog log)
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
        if (targets.Logs is not { } target)
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
