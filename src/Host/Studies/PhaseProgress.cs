using System.Diagnostics;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Host.Progress;

namespace ElasticityStream.Host.Studies;

/// <summary>Shows the progress of one model of a study.</summary>
/// <param name="shown">Shows it.</param>
/// <param name="model">The model's name.</param>
/// <param name="clock">Runs since the whole study started.</param>
internal sealed class PhaseProgress(IProgress<ProgressSnapshot> shown, string model, Stopwatch clock) : IProgress<StudyProgress>
{
    public void Report(StudyProgress value)
    {
        var phase = value.Phase switch
        {
            StudyPhase.Preparing => "preparing",
            StudyPhase.Pretraining => "pre-training",
            StudyPhase.Training => "training",
            StudyPhase.Sweeping => "sweeping",
            StudyPhase.Clustering => "clustering",
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "Not a phase."),
        };
        shown.Report(new ProgressSnapshot(phase, model, value.Step, value.TotalSteps, value.Loss, value.Index, clock.Elapsed));
    }
}
