using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Akka.Actor;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Commands;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Benchmarks;

/// <summary>A whole study in the host that a run has, with its log file and its exporters.</summary>
/// <param name="SecondsPerStep">What a step took.</param>
/// <param name="EndSeconds">From the last result until the host is gone: what the endpoints hold up.</param>
/// <param name="Dropped">Spans, log records and metrics that were not delivered.</param>
/// <param name="Results">SHA-256 of its similarities and final weights.</param>
internal sealed record WatchedStudy(double SecondsPerStep, double EndSeconds, long Dropped, string Results)
{
    /// <summary>Runs a study.</summary>
    /// <param name="study">The study.</param>
    /// <param name="section">How it is watched.</param>
    /// <param name="signals">The signals that are sent, where the section names an endpoint.</param>
    public static Task<WatchedStudy> RunAsync(WholeStudy study, TelemetrySection section, params Signal[] signals) => RunAsync(study, section, signals, viewers: 0);

    /// <summary>Runs a study.</summary>
    /// <param name="study">The study.</param>
    /// <param name="section">How it is watched.</param>
    /// <param name="signals">The signals that are sent, where the section names an endpoint.</param>
    /// <param name="viewers">How many look at its live page, where it is served; another one connects and never reads.</param>
    public static async Task<WatchedStudy> RunAsync(WholeStudy study, TelemetrySection section, Signal[] signals, int viewers)
    {
        var folder = Directory.CreateTempSubdirectory("elasticity-benchmark-");
        try
        {
            using var meter = new ElasticityMeter([], RunTelemetry.Signals, TimeProvider.System);
            using var log = new RunLog(Path.Combine(folder.FullName, "log.jsonl"), meter);
            StudyOutcome outcome;
            long ended;
            var run = new RunIdentity("benchmark", folder.Name, "mlp", "random");
            using (var host = RunHost.Build(run, section, OtlpTargets.Of(section.Otlp, Variable), meter, log))
            {
                await host.StartAsync();
                var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(RunLogMessages.Category);
                await using (section.Serve ? await LiveAudience.StartAsync(run, section, host.Services, meter, viewers) : null)
                {
                    outcome = await study.RunAsync(host.Services.GetRequiredService<ActorSystem>(), meter, logger);
                    ended = Stopwatch.GetTimestamp();
                }

                await RunHost.EndAsync(host);
            }

            return new WatchedStudy(study.SecondsPerStep, Stopwatch.GetElapsedTime(ended).TotalSeconds, Lost(meter), Digest(outcome));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        // Only what is stated here, whatever the environment of the benchmark says.
        string? Variable(string name) => Enum.GetValues<Signal>().Except(signals).Any(s => name == $"OTEL_{s.Name().ToUpperInvariant()}_EXPORTER") ? "none" : null;
    }

    private static long Lost(ElasticityMeter meter)
    {
        var lost = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meter && instrument.Name == Instruments.TelemetryDropped.Name)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => lost += count);
        listener.Start();
        listener.RecordObservableInstruments();
        return lost;
    }

    private static string Digest(StudyOutcome outcome)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var values in outcome.Measurements.Measures.Select(m => m.Similarity.Values).Concat(outcome.FinalWeights.Parameters.Select(p => p.Values)))
            hash.AppendData(MemoryMarshal.AsBytes<double>(values));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
