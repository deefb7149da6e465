namespace ElasticityStream.Actors.Training;

/// <summary>What a message asks of an actor, worked off by an iterator that pauses so that no message blocks the thread.</summary>
/// <param name="comeBack">Sees to it that <see cref="Advance(Pause)"/> is called again once the messages that have arrived are handled.</param>
internal sealed class PausingWork(Action comeBack)
{
    private IEnumerator<Pause>? _work;

    /// <summary>Begins some work, and goes on with it to its first pause.</summary>
    /// <exception cref="InvalidOperationException">There is other work, which is not done.</exception>
    public void Begin(IEnumerator<Pause> work)
    {
        if (_work is not null)
            throw new InvalidOperationException("The actor was asked before it had answered.");
        _work = work;
        Advance();
    }

    /// <summary>Goes on if this is what the work waits for: an acknowledgement must not be taken for the end of another pause.</summary>
    public void Advance(Pause awaited)
    {
        if (_work?.Current == awaited)
            Advance();
    }

    /// <summary>Gives up what is not done.</summary>
    public void GiveUp() => _work?.Dispose();

    private void Advance()
    {
        if (!_work!.MoveNext())
            _work = null;
        else if (_work.Current == Pause.ForOtherMessages)
            comeBack();
    }
}
