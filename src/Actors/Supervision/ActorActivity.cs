namespace ElasticityStream.Actors.Supervision;

/// <summary>What one actor is doing, as whoever looks may read it from any thread.</summary>
/// <param name="name">The actor's name.</param>
/// <param name="time">Tells the time.</param>
internal sealed class ActorActivity(string name, TimeProvider time)
{
    private volatile Type? _message;
    private volatile bool _isBusy;
    private long _since = time.GetTimestamp();

    /// <summary>A message is being handled.</summary>
    public void Begin(object message)
    {
        _message = message.GetType();
        Volatile.Write(ref _since, time.GetTimestamp());
        _isBusy = true;
    }

    /// <summary>The message is handled.</summary>
    public void End()
    {
        Volatile.Write(ref _since, time.GetTimestamp());
        _isBusy = false;
    }

    /// <summary>In words: "evaluator-0: in ProbeRequest for 1,800 s", "accumulator: waiting for 1,800 s, last did StepsTaken".</summary>
    public override string ToString()
    {
        var seconds = time.GetElapsedTime(Volatile.Read(ref _since)).TotalSeconds;
        var last = _message is { } message ? message.Name : null;
        return FormattableString.Invariant(
            _isBusy ? (FormattableString)$"{name}: in {last} for {seconds:n0} s" : $"{name}: waiting for {seconds:n0} s, {(last is null ? "did nothing yet" : $"last did {last}")}");
    }
}
