using System.Reflection;
using Akka.Actor;
using Akka.Streams;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using ElasticityStream.Streams;

namespace ElasticityStream.Actors.Studies;

/// <summary>
/// Runs one study: starts its actors, leads them through pre-training, training or a sweep, and clustering, and ends them.
/// <para>Accepts: <see cref="StudyProtocol"/>; the answers of its children.</para>
/// <para>Emits: a <see cref="StudyOutcome"/> to whoever asked for the run, or a <see cref="Status.Failure"/> with the exception of
/// whichever child or stream failed first. The answer is its last act: by then its children have stopped, freed what they held and
/// called the recorder for the last time.</para>
/// <para>Fails: never itself. What it throws ends the study, as does the stream, or the end of its system. Where a child fails, all of them go back to
/// the latest checkpoint, in memory, and take the same steps again; unless trying again cannot help, or has not helped so often as the plan allows.</para>
/// </summary>
public sealed class StudyActor : ReceiveActor
{
    // Tells the order of the mini-batches from that of the steps under the same seed.
    private const long PretrainingSeedOffset = 0x5EED;

    private readonly StudyPlan _plan;
    private readonly CheckpointSettings _settings;
    private readonly GuardedRecorder _recorder;
    private readonly IProgress<StudyProgress> _progress;
    private readonly StudyMetrics _metrics;
    private IActorRef _asker = ActorRefs.Nobody;
    private IActorRef _checkpoints = ActorRefs.Nobody;
    private StudyCast? _cast;
    private StudyStream? _stream;
    private StudyCheckpoint? _latest;
    private RestoredStudy? _restored;
    private Action _afterCapture = () => { };
    private TrainingPosition _position = TrainingPosition.Start;
    private PretrainingProgress _pretraining = new(0, 0);
    private Exception? _lastFailure;
    private int _take;
    private int _rewinds;
    private bool _interrupted;
    private bool _isMeasuring;
    private bool _isPretrainingCutShort;
    private NetworkWeights? _initialWeights;
    private TrainerProtocol.Ready? _ready;
    private TrainerProtocol.Finished? _finished;
    private object _answer = new Status.Failure(new StudyFailedException("The study was stopped from outside before it had ended."));

    /// <summary>Creates a study that has not started.</summary>
    /// <param name="plan">The study.</param>
    /// <param name="checkpoints">When checkpoints are saved, and where.</param>
    /// <param name="from">The checkpoint that it goes on from; null to begin.</param>
    /// <param name="recorder">Where rows are recorded; it holds those up to the checkpoint.</param>
    /// <param name="progress">Told where the study stands.</param>
    /// <param name="metrics">Told what the actors do.</param>
    public StudyActor(
        StudyPlan plan, CheckpointSettings checkpoints, StudyCheckpoint? from, IStudyRecorder recorder, IProgress<StudyProgress> progress, StudyMetrics metrics)
    {
        _plan = plan;
        _settings = checkpoints;
        _latest = from;
        _recorder = new GuardedRecorder(recorder);
        _progress = progress;
        _metrics = metrics;
        Become(Running);
    }

    private IActorRef Trainer => _cast!.Trainer;

    private bool WasMeasuring => _restored is { State.Phase: StudyPhase.Training };

    private CheckpointPlace Place => _isMeasuring ? CheckpointPlace.InTraining(_position) : new CheckpointPlace(StudyPhase.Pretraining, _position, _pretraining);

    /// <summary>A child that fails is stopped; what becomes of the study is decided when this actor comes to it.</summary>
    protected override SupervisorStrategy SupervisorStrategy()
    {
        var self = Self;
        // Not logged: whoever asked for the run gets the exception, and says it in the user's words.
        return new OneForOneStrategy(
            -1,
            Timeout.Infinite,
            cause =>
            {
                self.Tell(new ChildFailed(cause));
                return Directive.Stop;
            },
            loggingEnabled: false);
    }

    /// <summary>An exception of its own, from the recorder or for a plan that makes no sense, would restart this actor and leave its asker waiting.</summary>
    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception cause)
        {
            Fail(cause);
            return true;
        }
    }

    /// <summary>Answers. Akka calls this after every child has stopped.</summary>
    protected override void PostStop()
    {
        _metrics.End();
        _asker.Tell(_answer);
    }

    private void Running()
    {
        Receive<StudyProtocol.Run>(_ => Start());
        Receive<StudyProtocol.Interrupt>(_ => Interrupt());
        Receive<TrainerProtocol.Initialised>(m =>
        {
            _initialWeights = m.Weights;
            Pretrain();
        });
        Receive<TrainerProtocol.Captured>(_ => _afterCapture());
        Receive<StreamEnded>(m => m.Take == _take, m => m.Then());
        Receive<TrainerProtocol.Ready>(Begin);
        Receive<TrainerProtocol.Swept>(_ => Finish());
        Receive<TrainerProtocol.Finished>(m =>
        {
            _finished = m;
            _checkpoints.Tell(new CheckpointProtocol.Settle(SaveLatest: true));
        });
        Receive<CheckpointProtocol.Settled>(_ => _cast!.Accumulator.Tell(new AccumulatorProtocol.Complete()));
        Receive<StudyMeasurements>(End);
        Receive<StreamFailed>(m => m.Take == _take, m => Fail(m.Cause));
        Receive<ChildFailed>(m => Rewind(m.Cause));
        Receive<Terminated>(m => m.ActorRef.Equals(_checkpoints), _ => Fail(_lastFailure!));
        ReceiveCheckpoints();
        // Of a stream that was abandoned.
        Receive<StreamEnded>(_ => { });
        Receive<StreamFailed>(_ => { });
    }

    private void Rewinding()
    {
        var remaining = _cast!.Members.ToHashSet();
        Receive<Terminated>(m => m.ActorRef.Equals(_checkpoints), _ => Fail(_lastFailure!));
        Receive<Terminated>(m =>
        {
            if (remaining.Remove(m.ActorRef) && remaining.Count == 0)
                _checkpoints.Tell(new CheckpointProtocol.Rewind());
        });
        Receive<CheckpointProtocol.RewindTo>(m => GoBackTo(m.Checkpoint!));
        Receive<StudyProtocol.Interrupt>(_ => _interrupted = true);
        Receive<ChildFailed>(m => m.Cause is RecordingFailedException, m => Fail(m.Cause));
        ReceiveCheckpoints();
        ReceiveAny(_ => { });
    }

    private void ReceiveCheckpoints() => Receive<CheckpointProtocol.Taken>(m =>
    {
        if (m.Position != _restored?.State.Position)
            _rewinds = 0;
        _latest = m.Checkpoint;
    });

    private void Start()
    {
        _asker = Sender;
        _checkpoints = Context.ActorOf(
            Props.Create(() => new CheckpointActor(_settings, _plan.Evaluators, _recorder, _latest, _metrics)), "checkpoints");
        Context.Watch(_checkpoints);
        StartCast();
    }

    private void StartCast()
    {
        _metrics.Is(StudyState.Starting);
        _progress.Report(new StudyProgress(StudyPhase.Preparing, 0, null, null, null));
        _restored = _latest is null ? null : new RestoredStudy(_latest);
        if (_restored is not null)
            (_position, _pretraining, _isMeasuring) = (_restored.State.Position, _restored.State.Pretraining ?? _pretraining, WasMeasuring);
        _cast = StudyCast.Create(Context, _plan, _recorder, _progress, _metrics, _checkpoints, _restored);
        if (_interrupted)
            Trainer.Tell(new TrainerProtocol.Interrupt());
        Trainer.Tell(new TrainerProtocol.Initialise());
    }

    private void Pretrain()
    {
        if (_plan.Pretraining is not { } pretraining || WasMeasuring)
        {
            Trainer.Tell(new TrainerProtocol.Begin());
            return;
        }

        // Before the first batch too, so that there is something to go back to.
        Capture(() => Pretrain(pretraining), save: false);
    }

    private void Pretrain(TrainingStreamOptions pretraining)
    {
        if (_interrupted)
        {
            EndPretraining();
            return;
        }

        var trainer = Trainer;
        var total = _plan.Source.Schema.Count is { } count
            ? (long?)Math.Ceiling((double)(count - pretraining.ExcludedIds.Count) * pretraining.Passes / pretraining.BlockSize)
            : null;
        var schedule = new CheckpointSchedule(_settings, _position.Step);
        // Only the stream writes where it is, one batch at a time, and the actor reads it when it has ended.
        RunStream(
            pretraining with { Seed = pretraining.Seed + PretrainingSeedOffset, Start = _position },
            async (batch, _, abandoned) =>
            {
                var done = await trainer.Ask<TrainerProtocol.Pretrained>(new TrainerProtocol.Pretrain(batch), Timeout.InfiniteTimeSpan, abandoned);
                (_position, _pretraining) = (batch.End, new PretrainingProgress(_pretraining.Batches + 1, done.MeanLoss));
                _progress.Report(new StudyProgress(StudyPhase.Pretraining, _pretraining.Batches, total, done.MeanLoss, null));
                var save = schedule.IsDue(batch.End.Step);
                if (save || batch.End.Step / _plan.RebaseEvery > batch.FirstStep / _plan.RebaseEvery)
                    await trainer.Ask<TrainerProtocol.Captured>(new TrainerProtocol.Capture(Place, save), Timeout.InfiniteTimeSpan, abandoned);
            },
            EndPretraining);
    }

    private void EndPretraining()
    {
        if (_interrupted)
        {
            _isPretrainingCutShort = true;
            Capture(() => Trainer.Tell(new TrainerProtocol.Begin()), save: true);
            return;
        }

        _recorder.RecordEvent(new EventRow(
            0, EventKinds.Pretrained, $"{_pretraining.Batches} mini-batches, mean loss of the last {_pretraining.MeanLoss:g6}"));
        Trainer.Tell(new TrainerProtocol.Begin());
    }

    private void Begin(TrainerProtocol.Ready ready)
    {
        _ready = ready;
        _metrics.Is(StudyState.Running);
        if (WasMeasuring)
        {
            Measure();
            return;
        }

        _recorder.RecordEvent(new EventRow(0, EventKinds.LearningRate, ready.MeanKernelDiagonal is { } diagonal
            ? $"auto: 0.5 / mean K_ii = 0.5 / {diagonal:g6} = {ready.LearningRate:g6}"
            : $"{ready.LearningRate:g6}"));
        if (_isPretrainingCutShort)
        {
            Finish();
            return;
        }

        (_position, _restored) = (TrainingPosition.Start, null);
        _isMeasuring = true;
        Capture(Measure, save: _plan.Pretraining is not null);
    }

    private void Measure()
    {
        if (_interrupted)
        {
            Finish();
        }
        else if (_plan.Protocol == Protocol.Sweep)
        {
            if (_restored?.State.Trainer.IsSweepDue ?? true)
                Trainer.Tell(new TrainerProtocol.Sweep());
            else
                Finish();
        }
        else
        {
            Train();
        }
    }

    private void Train()
    {
        var trainer = Trainer;
        var schedule = new CheckpointSchedule(_settings, _position.Step);
        _metrics.Waiting();
        RunStream(
            _plan.Stream with { Start = _position },
            async (block, next, abandoned) =>
            {
                _metrics.BlockBegun();
                await trainer.Ask<TrainerProtocol.BlockTrained>(
                    new TrainerProtocol.TrainBlock(block, next, schedule.IsDue(block.End.Step)), Timeout.InfiniteTimeSpan, abandoned);
                _position = block.End;
                _metrics.Waiting();
            },
            () =>
            {
                _metrics.WaitingNoMore();
                Finish();
            });
    }

    private void Finish() => Trainer.Tell(new TrainerProtocol.Finish(_isPretrainingCutShort ? null : Place));

    private void Capture(Action then, bool save)
    {
        _afterCapture = then;
        Trainer.Tell(new TrainerProtocol.Capture(Place, save));
    }

    private void RunStream(TrainingStreamOptions options, Func<SampleBlock, SampleBlock?, CancellationToken, Task> train, Action then)
    {
        var take = _take;
        (_stream, var completion) = StudyStream.Run(Context.Materializer(), _plan.Source, options, train);
        _ = completion.PipeTo(Self, success: () => new StreamEnded(take, then), failure: e => new StreamFailed(take, e));
    }

    private void Interrupt()
    {
        _interrupted = true;
        _stream?.End();
        _cast?.Trainer.Tell(new TrainerProtocol.Interrupt());
    }

    private void Rewind(Exception cause)
    {
        _lastFailure = Unwrapped(cause);
        if (cause is RecordingFailedException || _lastFailure is StudyFailedException || _latest is null)
        {
            Fail(cause);
            return;
        }

        if (_rewinds == _plan.MaxRewinds)
        {
            Fail(_rewinds == 0 ? cause : GivenUp(_lastFailure));
            return;
        }

        _rewinds++;
        _take++;
        _metrics.WaitingNoMore();
        _stream?.Abandon();
        _stream = null;
        foreach (var member in _cast!.Members)
        {
            Context.Watch(member);
            Context.Stop(member);
        }

        Become(Rewinding);
    }

    private void GoBackTo(StudyCheckpoint checkpoint)
    {
        _latest = checkpoint;
        var state = CheckpointState.FromBytes(checkpoint.State);
        _recorder.Rewind(state.Recorded);
        _recorder.RecordEvent(new EventRow(
            checkpoint.Step, EventKinds.Rewound, $"to {checkpoint.Step} steps, try {_rewinds} of {_plan.MaxRewinds}: {_lastFailure!.Message}"));
        _metrics.Rewound();
        Become(Running);
        StartCast();
    }

    private StudyFailedException GivenUp(Exception cause) => new(
        $"The study was taken back to the checkpoint at step {_latest!.Step} {_rewinds} times, and failed each time before it got further: {cause.Message}", cause);

    private void End(StudyMeasurements measurements)
    {
        _answer = new StudyOutcome(
            _interrupted, _ready!.LearningRate, _ready.MeanKernelDiagonal, _initialWeights!, _finished!.Weights, measurements);
        Context.Stop(Self);
    }

    private void Fail(Exception cause)
    {
        _stream?.End();
        _answer = new Status.Failure(Unwrapped(cause));
        Become(() => ReceiveAny(_ => { }));
        Context.Stop(Self);
    }

    // What tasks, the recorder's guard, and Akka when it creates an actor, wrap around an exception.
    private static Exception Unwrapped(Exception cause) => cause switch
    {
        AggregateException { InnerExceptions: [var only] } => Unwrapped(only),
        ActorInitializationException or TypeLoadException or TargetInvocationException or RecordingFailedException when cause.InnerException is { } inner =>
            Unwrapped(inner),
        _ => cause,
    };

    private sealed record StreamEnded(int Take, Action Then) : ILocalMessage;

    private sealed record StreamFailed(int Take, Exception Cause) : ILocalMessage;

    private sealed record ChildFailed(Exception Cause) : ILocalMessage;
}
