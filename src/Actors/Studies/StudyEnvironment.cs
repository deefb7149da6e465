using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Supervision;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Streams;

namespace ElasticityStream.Actors.Studies;

/// <summary>What a study runs in; nothing of it changes a result.</summary>
/// <param name="Recorder">Where rows are recorded; where the study goes on from a checkpoint, it holds those up to it.</param>
/// <param name="Progress">Told where the study stands, from any thread.</param>
/// <param name="Metrics">Told what the actors do; its series end with the study.</param>
public sealed record StudyEnvironment(IStudyRecorder Recorder, IProgress<StudyProgress> Progress, StudyMetrics Metrics)
{
    /// <summary>When checkpoints are saved, and where.</summary>
    public CheckpointSettings Checkpoints { get; init; } = CheckpointSettings.InMemory;

    /// <summary>The checkpoint that the study goes on from; null to begin.</summary>
    public StudyCheckpoint? From { get; init; }

    /// <summary>Told the position of each checkpoint, in memory or saved: what is before it is not read again while this process lives.</summary>
    public Action<TrainingPosition> Passed { get; init; } = _ => { };

    /// <summary>After how long without progress, while samples are in flight, the study counts as stuck; null for never.</summary>
    public TimeSpan? StuckAfter { get; init; }

    /// <summary>Tells the time to the watchdog.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told what the actors do; by default made for the study.</summary>
    public StudyActivity? Activity { get; init; }
}
