using Microsoft.Extensions.Time.Testing;

namespace ElasticityStream.Streams.Tests.Fixtures;

/// <summary>A clock that a test moves, once it has seen that somebody waits.</summary>
public sealed class ObservedTime : FakeTimeProvider
{
    /// <summary>How many waits have begun.</summary>
    public Counter Waits { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Waits.Increment();
        return timer;
    }
}
