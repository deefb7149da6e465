using Akka.Actor;
using Akka.Hosting;
using ElasticityStream.Actors;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Results;
using ElasticityStream.Host.Studies;
using ElasticityStream.Host.Telemetry;
using ElasticityStream.Streams.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ElasticityStream.Host.Commands;

/// <summary>What a run lives in: its actor system, its log, and the ways out of its telemetry.</summary>
internal static class RunHost
{
    // How long an endpoint that does not answer may hold up the end of a run.
    private const int FlushMilliseconds = 2000;

    /// <summary>Runs a study to its end.</summary>
    /// <param name="run">The run.</param>
    /// <param name="telemetry">How it can be watched.</param>
    /// <param name="listener">Where it is served; null where it is not.</param>
    /// <param name="interrupted">Asks for an early end that keeps what was measured.</param>
    public static async Task<StudySummary> RunAsync(
        StudyRun run, TelemetrySection telemetry, TelemetryListener? listener, CancellationToken interrupted)
    {
        using var meter = new ElasticityMeter(ChoiceNames.All(typeof(RejectionReason)), RunTelemetry.Signals, TimeProvider.System);
        using var log = new RunLog(run.Directory.LogFile, meter);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(settings: null);
        RunTelemetry.Add(builder, telemetry, run.Identity, meter, log);
        builder.Services.AddSingleton<IHostLifetime, NoSignalsLifetime>();
        builder.Services.AddAkka("elasticity", akka => akka
            .WithElasticity()
            .ConfigureLoggers(l =>
            {
                l.ClearLoggers();
                l.LogLevel = Akka.Event.LogLevel.WarningLevel;
                l.AddLoggerFactory();
            }));
        using var host = builder.Build();
        await host.StartAsync(CancellationToken.None);
        var logs = host.Services.GetRequiredService<ILoggerFactory>();
        var metrics = host.Services.GetService<MeterProvider>();
        try
        {
            using var targets = listener is null ? null : new PrometheusTargets(run.OutputFolder, run.Identity.Run, listener.Address);
            await using var server = listener is null ? null : await TelemetryServer.StartAsync(listener, run.Identity, meter, metrics!, logs);
            return await run.RunAsync(
                host.Services.GetRequiredService<ActorSystem>(), meter, logs.CreateLogger(RunLogMessages.Category), interrupted);
        }
        finally
        {
            metrics?.Shutdown(FlushMilliseconds);
            host.Services.GetService<TracerProvider>()?.Shutdown(FlushMilliseconds);
            await host.StopAsync(CancellationToken.None);
        }
    }
}
