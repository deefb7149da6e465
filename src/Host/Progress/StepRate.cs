namespace ElasticityStream.Host.Progress;

/// <summary>
/// Steps per second, smoothed: steps over seconds, both fading exponentially, so that neither how often it is asked nor the
/// size of a block at the start shows in it.
/// </summary>
internal sealed class StepRate(TimeSpan memory)
{
    private readonly double _memory = memory.TotalSeconds;
    private double _steps;
    private double _seconds;
    private long _step;
    private TimeSpan _at;
    private bool _hasStart;

    /// <summary>The rate in steps per second; null before anything was seen to move.</summary>
    public double? PerSecond => _steps > 0 ? _steps / _seconds : null;

    /// <summary>Starts anew, as for another model.</summary>
    public void Reset()
    {
        _hasStart = false;
        (_steps, _seconds) = (0, 0);
    }

    /// <summary>Takes in that <paramref name="step"/> steps were done at <paramref name="at"/>.</summary>
    public void Observe(long step, TimeSpan at)
    {
        if (!_hasStart || step < _step)
        {
            Reset();
            (_step, _at, _hasStart) = (step, at, true);
            return;
        }

        var seconds = (at - _at).TotalSeconds;
        if (seconds <= 0)
            return;
        var fade = Math.Exp(-seconds / _memory);
        _steps = (fade * _steps) + (step - _step);
        _seconds = (fade * _seconds) + seconds;
        (_step, _at) = (step, at);
    }
}
