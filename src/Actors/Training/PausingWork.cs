namespace ElasticityStream.Actors.Training;

/// <summary>What a message asks of an actor, worked off by iterators that pause so that no message blocks the thread.</summary>
/// <param name="comeBack">Sees to it that <see cref="Advance(Pause)"/> is called again once the messages that have arrived are handled.</param>
internal sealed class PausingWork(Action comeBack)
{
    // The work, and on top of it the part of it that is under way.
    private readonly Stack<IEnumerator<Pause>> _parts = new();
    private Pause _awaited;

    /// <summary>Begins some work, and goes on with it to its first pause.</summary>
    /// <exception cref="InvalidOperationException">There is other work, which is not done.</exception>
    public void Begin(IEnumerator<Pause> work)
    {
        if (_parts.Count > 0)
            throw new InvalidOperationException("The actor was asked before it had answered.");
        _parts.Push(work);
        Advance();
    }

    /// <summary>Has the work rest until a part of it, an iterator of its own, is done.</summary>
    public Pause Until(IEnumerator<Pause> part)
    {
        _parts.Push(part);
        return Pause.UntilPartIsDone;
    }

    /// <summary>Goes on if this is what the work waits for: an acknowledgement must not be taken for the end of another pause.</summary>
    public void Advance(Pause awaited)
    {
        if (_parts.Count > 0 && _awaited == awaited)
            Advance();
    }

    /// <summary>Gives up what is not done.</summary>
    public void GiveUp()
    {
        while (_parts.TryPop(out var part))
            part.Dispose();
    }

    private void Advance()
    {
        while (_parts.TryPeek(out var part))
        {
            if (!part.MoveNext())
            {
                part.Dispose();
                _parts.Pop();
            }
            else if (part.Current != Pause.UntilPartIsDone)
            {
                _awaited = part.Current;
                if (_awaited == Pause.ForOtherMessages)
                    comeBack();
                return;
            }
        }
    }
}
