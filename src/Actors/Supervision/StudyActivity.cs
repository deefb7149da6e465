using System.Collections.Concurrent;

namespace ElasticityStream.Actors.Supervision;

/// <summary>What the actors of a study are doing, and whether it gets on. Every member is for any thread.</summary>
/// <param name="time">Tells the time.</param>
public sealed class StudyActivity(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ActorActivity> _actors = new(StringComparer.Ordinal);
    private long _progressAt = time.GetTimestamp();

    /// <summary>
    /// Called with the name of an actor and each message before it is handled; what it throws is thrown by the actor. For tests of what happens then.
    /// </summary>
    public Action<string, object>? OnMessage { get; init; }

    /// <summary>Something was done that brings the study nearer to its end, or nothing is there to be done.</summary>
    public void Progressed() => Volatile.Write(ref _progressAt, time.GetTimestamp());

    /// <summary>How long ago that was.</summary>
    public TimeSpan SinceProgress => time.GetElapsedTime(Volatile.Read(ref _progressAt));

    /// <summary>What each actor is doing, by name.</summary>
    public IReadOnlyList<string> Describe() => [.. _actors.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Value.ToString())];

    internal ActorActivity Of(string actor) => _actors.GetOrAdd(actor, name => new ActorActivity(name, time));
}
