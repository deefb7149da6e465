using Akka.Actor;
using Akka.Hosting;
using ElasticityStream.Actors;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Live;
using ElasticityStream.Host.Results;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Studies;
using ElasticityStream.Host.Telemetry;
using ElasticityStream.Streams.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ElasticityStream.Host.Commands;

/// <summary>What a run lives in: its actor system, its log, and the ways out of its telemetry.</summary>
internal static class RunHost
{
    // How long endpoints that do not answer may hold up the end of a run: as long as one export may take by the standard. With less, a receiver that
    // answers on a machine that is busy would lose the last records.
    private const int FlushMilliseconds = 10_000;

    /// <summary>Runs a study to its end.</summary>
    /// <param name="run">The run.</param>
    /// <param name="telemetry">How it can be watched.</param>
    /// <param name="targets">Where its telemetry is sent.</param>
    /// <param name="listener">Where it is served; null where it is not.</param>
    /// <param name="progress">How far the run is.</param>
    /// <param name="interrupted">Asks for an early end that keeps what was measured.</param>
    public static async Task<StudySummary> RunAsync(
        StudyRun run, TelemetrySection telemetry, OtlpTargets targets, TelemetryListener? listener, LiveProgress progress, CancellationToken interrupted)
    {
        try
        {
            using var meter = new ElasticityMeter(ChoiceNames.All(typeof(RejectionReason)), RunTelemetry.Signals, TimeProvider.System);
            using var log = new RunLog(run.Directory.LogFile, meter);
            using var host = Build(run.Identity, telemetry, targets, meter, log);
            await host.StartAsync(CancellationToken.None);
            try
            {
                return await RunAsync(run, host.Services, meter, listener, progress, interrupted);
            }
            finally
            {
                await EndAsync(host);
            }
        }
        catch (Exception e)
        {
            // Also where the run could not even begin.
            run.ConcludeAsFailed(e);
            throw;
        }
    }

    /// <summary>Builds the host of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="telemetry">How it can be watched.</param>
    /// <param name="targets">Where its telemetry is sent.</param>
    /// <param name="meter">Its meter.</param>
    /// <param name="log">Its log file; its owner closes it.</param>
    public static IHost Build(RunIdentity run, TelemetrySection telemetry, OtlpTargets targets, ElasticityMeter meter, RunLog log)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(settings: null);
        RunTelemetry.Add(builder, telemetry, targets, run, meter, log);
        builder.Services.AddSingleton<IHostLifetime, NoSignalsLifetime>();
        builder.Services.AddAkka("elasticity", akka => akka
            .WithElasticity()
            .ConfigureLoggers(l =>
            {
                l.ClearLoggers();
                l.LogLevel = Akka.Event.LogLevel.WarningLevel;
                l.AddLoggerFactory();
            }));
        return builder.Build();
    }

    /// <summary>Gives the endpoints the time that they get to take the last of a run's telemetry, and stops its host.</summary>
    public static async Task EndAsync(IHost host)
    {
        await FlushAsync(host.Services);
        await host.StopAsync(CancellationToken.None);
    }

    private static async Task<StudySummary> RunAsync(
        StudyRun run, IServiceProvider services, ElasticityMeter meter, TelemetryListener? listener, LiveProgress progress, CancellationToken interrupted)
    {
        var logs = services.GetRequiredService<ILoggerFactory>();
        var log = logs.CreateLogger(RunLogMessages.Category);
        var system = services.GetRequiredService<ActorSystem>();
        if (listener is null)
            return await run.RunAsync(system, meter, log, interrupted);

        using var file = new PrometheusTargets(run.OutputFolder, run.Identity.Run, listener.Address, log);
        await using var live = new LiveRun(run.Identity, meter, progress, TimeProvider.System, log, run.Past(log));
        await using var server = await TelemetryServer.StartAsync(listener, run.Identity, meter, services.GetRequiredService<MeterProvider>(), live, logs);
        try
        {
            var summary = await run.RunAsync(system, meter, log, interrupted);
            live.End(ChoiceNames.Of(summary.Outcome), summary.Failure);
            return summary;
        }
        catch (Exception e)
        {
            var isInterrupted = e is OperationCanceledException && interrupted.IsCancellationRequested;
            live.End(ChoiceNames.Of(isInterrupted ? RunOutcome.Interrupted : RunOutcome.Failed), isInterrupted ? null : e.Message);
            throw;
        }
    }

    // All at once, so that three endpoints that do not answer take no longer than one.
    private static async Task FlushAsync(IServiceProvider services) => await Task.WhenAll(
        Task.Run(() => services.GetService<MeterProvider>()?.Shutdown(FlushMilliseconds)),
        Task.Run(() => services.GetService<TracerProvider>()?.Shutdown(FlushMilliseconds)),
        Task.Run(() => services.GetService<LoggerProvider>()?.Shutdown(FlushMilliseconds)));
}
