namespace ElasticityStream.Host.Progress;

/// <summary>How far a study is.</summary>
/// <param name="Phase">What it is doing, as in "training" or "clustering".</param>
/// <param name="Model">Which model it does that with, as in "relu".</param>
/// <param name="Step">How many steps of the phase are done.</param>
/// <param name="TotalSteps">How many steps the phase has; null if that is not known, as with an endless source or without an end of its passes.</param>
/// <param name="Loss">The mean loss over the last steps; null if there is none yet.</param>
/// <param name="Index">The elasticity index; null if it is undefined.</param>
/// <param name="Elapsed">The time since the study started.</param>
public sealed record ProgressSnapshot(
    string Phase, string Model, long Step, long? TotalSteps, double? Loss, double? Index, TimeSpan Elapsed)
{
    /// <summary>Whether the phase has steps to count: one that is a single piece of work has none.</summary>
    public bool CountsSteps => Step > 0 || TotalSteps is not null;

    /// <summary>The time that the rest of the phase takes at a rate, to the second; null where that cannot be known, or it is done.</summary>
    public TimeSpan? Left(double? stepsPerSecond) => stepsPerSecond is { } rate && rate > 0 && TotalSteps is { } total && Step < total
        ? TimeSpan.FromSeconds(Math.Round(Math.Min((total - Step) / rate, TimeSpan.MaxValue.TotalSeconds / 2)))
        : null;
}
