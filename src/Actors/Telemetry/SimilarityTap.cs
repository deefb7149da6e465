using Akka.Actor;
using ElasticityStream.Actors.Messages;

namespace ElasticityStream.Actors.Telemetry;

/// <summary>
/// Shows the similarity matrices of a study to whoever looks. The accumulator, which alone may read them, makes pictures only when it was asked, one
/// at a time, and in at most a twentieth of its time. Every member is for any thread, and none of them waits.
/// </summary>
public sealed class SimilarityTap
{
    /// <summary>The time between two pictures is at least this many times that which one took.</summary>
    public const int PauseOverDrawing = 19;

    /// <summary>The shortest time between two pictures.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private IActorRef? _accumulator;
    private bool _isAsked;
    private long? _drawnAt;
    private TimeSpan _pause;
    private volatile IReadOnlyList<SimilarityPicture> _latest = [];
    private volatile Exception? _failure;

    /// <summary>Creates a tap that nothing answers yet.</summary>
    public SimilarityTap(TimeProvider time) => _time = time;

    /// <summary>The latest pictures, one a measure and order; none before the first is made.</summary>
    public IReadOnlyList<SimilarityPicture> Latest => _latest;

    /// <summary>Why pictures could not be made, after which nobody answers; null where they could.</summary>
    public Exception? Failure => _failure;

    /// <summary>Asks for new pictures, unless some are under way or the last are too recent.</summary>
    public void Ask()
    {
        lock (_lock)
        {
            if (_accumulator is null || _isAsked || (_drawnAt is { } at && _time.GetElapsedTime(at) < _pause))
                return;
            _isAsked = true;
            _accumulator.Tell(new AccumulatorProtocol.DrawSimilarity());
        }
    }

    /// <summary>From now on an accumulator answers.</summary>
    public void Open(IActorRef accumulator)
    {
        lock (_lock)
            _accumulator = accumulator;
    }

    /// <summary>From now on nobody answers; the latest pictures stay.</summary>
    public void Close()
    {
        lock (_lock)
            _accumulator = null;
    }

    /// <summary>
    /// Answers; called by the accumulator, on its own thread. Throws nothing: a picture that cannot be made is a <see cref="Failure"/> for those who look,
    /// and no reason to lose a study.
    /// </summary>
    public void Show(Func<IReadOnlyList<SimilarityPicture>> draw)
    {
        var start = _time.GetTimestamp();
        try
        {
            _latest = draw();
        }
        catch (Exception e)
        {
            _failure = e;
            Close();
        }

        lock (_lock)
        {
            _isAsked = false;
            _drawnAt = _time.GetTimestamp();
            var pause = PauseOverDrawing * _time.GetElapsedTime(start);
            _pause = pause > ShortestPause ? pause : ShortestPause;
        }
    }
}
