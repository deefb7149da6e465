namespace ElasticityStream.Actors.Checkpoints;

/// <summary>Says after which block a checkpoint is to be saved.</summary>
/// <param name="settings">The rules.</param>
/// <param name="step">The number of steps done at the start.</param>
internal sealed class CheckpointSchedule(CheckpointSettings settings, long step)
{
    private long _step = step;
    private long _savedAt = settings.Time.GetTimestamp();

    /// <summary>Whether one is due after a block, or a mini-batch; if so the time till the next begins.</summary>
    /// <param name="stepAfter">The number of steps done after it.</param>
    public bool IsDue(long stepAfter)
    {
        if (settings.Store is null)
            return false;
        var isDue = (settings.EverySteps is { } steps && stepAfter / steps > _step / steps)
            || (settings.EveryTime is { } time && settings.Time.GetElapsedTime(_savedAt) >= time);
        _step = stepAfter;
        if (isDue)
            _savedAt = settings.Time.GetTimestamp();
        return isDue;
    }
}
