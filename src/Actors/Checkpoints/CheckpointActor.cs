using Akka.Actor;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Supervision;
using ElasticityStream.Actors.Telemetry;

namespace ElasticityStream.Actors.Checkpoints;

/// <summary>
/// Puts checkpoints together from what the other actors capture on their way, and saves those that are to be saved, one at a time.
/// <para>Accepts: <see cref="CheckpointProtocol"/>.</para>
/// <para>Emits: <see cref="CheckpointProtocol.Taken"/> to the study for each checkpoint, <see cref="CheckpointProtocol.Settled"/> to whoever asks.</para>
/// <para>Fails: when a checkpoint cannot be saved. Nothing survives a restart: the study ends instead.</para>
/// Nobody waits for it but the end of the study: a checkpoint is saved on a thread of the pool, while steps go on. One that is due before the
/// one before is saved waits, and gives way to the next.
/// </summary>
public sealed class CheckpointActor : WatchedActor
{
    private readonly CheckpointSettings _settings;
    private readonly StudyMetrics _metrics;
    private readonly Dictionary<long, CheckpointCollection> _incomplete = [];
    private readonly int _evaluators;
    private StudyCheckpoint? _latest;
    private StudyCheckpoint? _saved;
    private StudyCheckpoint? _toSave;
    private StudyCheckpoint? _saving;
    private IActorRef? _settlingFor;

    /// <summary>Creates an actor that has nothing to save.</summary>
    /// <param name="settings">Where to save.</param>
    /// <param name="evaluators">How many there are.</param>
    /// <param name="recorded">How much is recorded before the first measured step can be taken; what is recorded then, comes after any such checkpoint.</param>
    /// <param name="restored">The checkpoint that the study goes on from, which is saved; null if it begins.</param>
    /// <param name="metrics">Told of every checkpoint saved.</param>
    /// <param name="activity">Told what it does.</param>
    public CheckpointActor(
        CheckpointSettings settings, int evaluators, RecordingMark recorded, StudyCheckpoint? restored, StudyMetrics metrics, StudyActivity activity)
        : base(activity)
    {
        _settings = settings;
        _evaluators = evaluators;
        _metrics = metrics;
        _latest = _saved = restored;

        Receive<CheckpointProtocol.TrainerCaptured>(m => Collect(m.Capture, c => c.Add(m, recorded)));
        Receive<CheckpointProtocol.ShardCaptured>(m => Collect(m.Capture, c => c.Add(m)));
        Receive<CheckpointProtocol.AccumulatorCaptured>(m => Collect(m.Capture, c => c.Add(m)));
        Receive<CheckpointProtocol.Rewind>(_ =>
        {
            _incomplete.Clear();
            _settlingFor = null;
            Sender.Tell(new CheckpointProtocol.RewindTo(_latest));
        });
        Receive<CheckpointProtocol.Settle>(m =>
        {
            _settlingFor = Sender;
            if (m.SaveLatest && _latest != _saved && _latest != _saving)
                _toSave = _latest;
            Save();
        });
        Receive<Saved>(m =>
        {
            _saving = null;
            Activity.Progressed();
            _saved = m.Checkpoint;
            _metrics.CheckpointSaved(m.Duration, m.Bytes);
            Save();
        });
        Receive<NotSaved>(m => throw new RecordingFailedException(m.Cause));
    }

    /// <summary>From now on the first checkpoint is waited for.</summary>
    protected override void PreStart()
    {
        if (_settings.Store is not null)
            _metrics.CheckpointsExpected();
    }

    private void Collect(long capture, Action<CheckpointCollection> add)
    {
        if (!_incomplete.TryGetValue(capture, out var collection))
            _incomplete[capture] = collection = new CheckpointCollection(_evaluators);
        add(collection);
        if (!collection.IsComplete)
            return;
        _incomplete.Remove(capture);
        _latest = collection.ToCheckpoint();
        if (collection.Save)
            _toSave = _latest;
        Context.Parent.Tell(new CheckpointProtocol.Taken(_latest, collection.Place.Position));
        Save();
    }

    private void Save()
    {
        if (_saving is not null)
            return;
        if (_settings.Store is { } store && _toSave is { } checkpoint)
        {
            _toSave = null;
            _saving = checkpoint;
            var (time, start) = (_settings.Time, _settings.Time.GetTimestamp());
            _ = Task.Run(() => new Saved(checkpoint, store.Save(checkpoint), time.GetElapsedTime(start)))
                .PipeTo(Self, failure: e => new NotSaved(e));
        }
        else if (_settlingFor is not null && _incomplete.Count == 0)
        {
            _settlingFor.Tell(new CheckpointProtocol.Settled());
            _settlingFor = null;
        }
    }

    private sealed record Saved(StudyCheckpoint Checkpoint, long Bytes, TimeSpan Duration) : ILocalMessage;

    private sealed record NotSaved(Exception Cause) : ILocalMessage;
}
