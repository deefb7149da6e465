using System.Diagnostics;
using Akka.Actor;
using ElasticityStream.Actors;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Progress;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;
using ElasticityStream.Host.Telemetry;
using Microsoft.Extensions.Logging;
using TorchSharp;

namespace ElasticityStream.Host.Studies;

/// <summary>Runs one model of a study, from its start or from a checkpoint, and writes what it leaves.</summary>
internal sealed class ModelRun
{
    /// <summary>The configuration.</summary>
    public required StudyConfiguration Study { get; init; }

    /// <summary>The run's id.</summary>
    public required string RunId { get; init; }

    /// <summary>Which model.</summary>
    public required ModelChoice Choice { get; init; }

    /// <summary>Its files.</summary>
    public required ModelFiles Files { get; init; }

    /// <summary>Where to compute.</summary>
    public required torch.Device Device { get; init; }

    /// <summary>The distances between samples along the curve they lie on; null if the source knows none.</summary>
    public required IGeodesicDistance? Geodesic { get; init; }

    /// <summary>The checkpoint that it goes on from; null to begin.</summary>
    public required LoadedCheckpoint? From { get; init; }

    /// <summary>Gives what it starts from; null for the weights of the study's seed.</summary>
    public required Func<StudyPlan, NetworkWeights>? Weights { get; init; }

    /// <summary>Whose weights these are; null likewise.</summary>
    public required WeightsOrigin? WeightsOrigin { get; init; }

    /// <summary>Told where the study stands.</summary>
    public required IProgress<ProgressSnapshot> Progress { get; init; }

    /// <summary>Told how many steps it has, before the first; null where there is no end.</summary>
    public required Action<long?> Planned { get; init; }

    /// <summary>Runs since the whole study started.</summary>
    public required Stopwatch Clock { get; init; }

    private string Name => ModelName.Of(Study, Choice);

    /// <summary>Runs it to its end.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="database">Of this model, already taken back to the checkpoint.</param>
    /// <param name="recorder">Records in it.</param>
    /// <param name="metrics">Told what the actors do.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="probes">The probe set.</param>
    /// <param name="log">The run's log.</param>
    /// <param name="interrupted">Asks for an early end that keeps what was measured.</param>
    public async Task<ModelResult> RunAsync(
        ActorSystem system, RunDatabase database, RunRecorder recorder, StudyMetrics metrics, StudySamples samples, ProbeSet probes, ILogger log,
        CancellationToken interrupted)
    {
        var clock = Stopwatch.StartNew();
        var network = StudyComposer.Network(Study, samples.Source.Schema, Choice);
        var plan = StudyComposer.Compose(Study, Choice, samples.Source, probes, Device);
        if (Weights is not null)
            plan = plan with { InitialWeights = Weights(plan) };
        if (From is not null)
            plan = plan with { Evaluators = CheckpointState.FromBytes(From.Checkpoint.State).Evaluators };
        Planned(plan.TotalSteps);
        recorder.RecordEvent(Beginning(network, plan));
        var store = new CheckpointStore(
            Files.Checkpoints, RunId, StudyFingerprint.Of(Study), Study.Checkpoint.Keep, Study.Checkpoint.KeepEvery, TimeProvider.System, log.OldCheckpointStays);
        var checkpoints = new CheckpointSettings(
            new DurableCheckpoints(database, store, Study.Checkpoint.Keep, From?.Checkpoint.Step, metrics.Model, log), Study.Checkpoint.EverySteps,
            Study.Checkpoint.EveryMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null, TimeProvider.System);
        // If its process ended, a study that saves no checkpoint on its way would begin anew: nothing but those in memory holds back what can be thinned.
        var canOnlyBeginAnew = Study.Checkpoint is { EverySteps: null, EveryMinutes: null } && From is not { Checkpoint.Step: > 0 };
        var environment = new StudyEnvironment(recorder, new PhaseProgress(Progress, Name, Clock), metrics)
        {
            Checkpoints = checkpoints,
            From = From?.Checkpoint,
            Passed = position =>
            {
                samples.Release(position);
                if (canOnlyBeginAnew)
                    database.Settle(position.Step);
            },
            StuckAfter = Study.Recovery.StuckAfterMinutes is { } stuck ? TimeSpan.FromMinutes(stuck) : null,
        };
        var outcome = await system.RunStudyAsync(plan, environment, interrupted);
        database.ThinToTheEnd();
        ModelFileWriter.Write(Files, outcome, plan);
        recorder.RecordEvent(new EventRow(
            outcome.Measurements.Steps, EventKinds.Ended, outcome.Interrupted ? "interrupted, with what was measured so far" : "completed"));
        var correlations = outcome.Measurements.Measures.ToDictionary(
            m => m.Measure, m => Geodesic is { } geodesic ? GeodesicCorrelation.Of(m.Similarity, probes, geodesic) : null);
        return new ModelResult(Name, network, probes.Count, plan.IsClosed, outcome, clock.Elapsed, From?.Checkpoint.Step ?? 0, Files, correlations);
    }

    private EventRow Beginning(NetworkSpec network, StudyPlan plan)
    {
        if (From is not null)
            return new EventRow(From.Checkpoint.Step, EventKinds.Resumed, $"from the checkpoint of {From.Saved.Created:u}");
        var origin = WeightsOrigin is null ? "" : $", {WeightsOrigin.Weights} weights of {WeightsOrigin.Run}";
        return new EventRow(
            0, EventKinds.Started,
            $"{network}, {plan.Probes.Count} probes, {ProbeEngine.Name(plan.Engine.Kind)}{(plan.IsClosed ? ", closed," : "")} on {Device}, {plan.Evaluators} evaluators{origin}");
    }
}
