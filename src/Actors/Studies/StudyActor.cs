using System.Reflection;
using Akka.Actor;
using Akka.Streams;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Supervision;

namespace ElasticityStream.Actors.Studies;

/// <summary>
/// Runs one study: starts its actors, has them led through it, takes them back to a checkpoint when one fails, and ends them.
/// <para>Accepts: <see cref="StudyProtocol"/>; the answers of its children.</para>
/// <para>Emits: a <see cref="StudyOutcome"/> to whoever asked for the run, or a <see cref="Status.Failure"/> with the exception of
/// whichever child or stream failed first. The answer is its last act: by then its children have stopped, freed what they held and
/// called the recorder for the last time. A study that is stuck alone answers at once, since whatever holds it up may never stop.</para>
/// <para>Fails: never itself. What it throws ends the study, as does the stream, or the end of its system. Where a child fails, all of them go back to
/// the latest checkpoint, in memory, and take the same steps again; unless trying again cannot help, or has not helped so often as the plan allows.</para>
/// </summary>
public sealed class StudyActor : ReceiveActor
{
    private readonly StudyPlan _plan;
    private readonly StudyEnvironment _environment;
    private readonly StudyActivity _activity;
    private readonly GuardedRecorder _recorder;
    private IActorRef _asker = ActorRefs.Nobody;
    private IActorRef _checkpoints = ActorRefs.Nobody;
    private ITimer? _watchdog;
    private StudyCast? _cast;
    private StudyCourse? _course;
    private StudyCheckpoint? _latest;
    private RecordingMark _recordedAtStart = RecordingMark.Start;
    private Exception? _failure;
    private int _rewinds;
    private bool _interrupted;
    private object _answer = new Status.Failure(new StudyFailedException("The study was stopped from outside before it had ended."));

    /// <summary>Creates a study that has not started.</summary>
    public StudyActor(StudyPlan plan, StudyEnvironment environment)
    {
        _plan = plan;
        _environment = environment;
        _activity = environment.Activity ?? new StudyActivity(environment.Time);
        _latest = environment.From;
        _recorder = new GuardedRecorder(environment.Recorder);
        Become(Running);
    }

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
        _watchdog?.Dispose();
        _environment.Metrics.End();
        _asker.Tell(_answer);
    }

    private void Running()
    {
        Receive<StudyProtocol.Run>(_ => Start());
        Receive<TrainerProtocol.Initialised>(m => _course!.Go(m));
        Receive<TrainerProtocol.Captured>(_ => _course!.Captured());
        Receive<TrainerProtocol.Ready>(m => _course!.Go(m));
        Receive<TrainerProtocol.Swept>(_ => _course!.Finish());
        Receive<TrainerProtocol.Finished>(m =>
        {
            _course!.End(m);
            _checkpoints.Tell(new CheckpointProtocol.Settle(SaveLatest: true));
        });
        Receive<CheckpointProtocol.Settled>(_ => _cast!.Accumulator.Tell(new AccumulatorProtocol.Complete()));
        Receive<StudyMeasurements>(End);
        Receive<StudyCourse.Ended>(m => m.Course == _course, m => m.Then());
        Receive<StudyCourse.Failed>(m => m.Course == _course, m => Fail(m.Cause));
        Receive<ChildFailed>(m => Rewind(m.Cause));
        Receive<StudyProtocol.Interrupt>(_ =>
        {
            _interrupted = true;
            _course?.Interrupt();
        });
        ReceiveAlways();
        // The end of a course that was given up.
        Receive<StudyCourse.Ended>(_ => { });
        Receive<StudyCourse.Failed>(_ => { });
    }

    private void Rewinding()
    {
        var remaining = _cast!.Members.ToHashSet();
        ReceiveAlways();
        Receive<Terminated>(m =>
        {
            if (remaining.Remove(m.ActorRef) && remaining.Count == 0)
                _checkpoints.Tell(new CheckpointProtocol.Rewind());
        });
        Receive<CheckpointProtocol.RewindTo>(m => GoBackTo(m.Checkpoint));
        Receive<StudyProtocol.Interrupt>(_ => _interrupted = true);
        Receive<ChildFailed>(m => m.Cause is RecordingFailedException, m => Fail(m.Cause));
        // From the cast that stops: its answers, and further failures.
        ReceiveAny(_ => { });
    }

    private void ReceiveAlways()
    {
        Receive<CheckpointProtocol.Taken>(m =>
        {
            if (_latest is null || m.Checkpoint.Step > _latest.Step)
                _rewinds = 0;
            _latest = m.Checkpoint;
            _environment.Passed(m.Position);
        });
        Receive<Terminated>(m => m.ActorRef.Equals(_checkpoints), _ => Fail(_failure ?? new InvalidOperationException("Nobody keeps the checkpoints any more.")));
        Receive<LookForProgress>(_ => LookForProgressNow());
    }

    private void Start()
    {
        _asker = Sender;
        // Here, and not when a checkpoint is put together: by then the study may have recorded what comes after it.
        _recordedAtStart = _recorder.Mark();
        _checkpoints = Context.ActorOf(
            Props.Create(() => new CheckpointActor(
                _environment.Checkpoints, _plan.Evaluators, _recordedAtStart, _latest, _environment.Metrics, _activity)),
            "checkpoints");
        Context.Watch(_checkpoints);
        if (_environment.StuckAfter is { } stuckAfter)
        {
            var self = Self;
            // Often enough to be late by a tenth at most.
            _watchdog = _environment.Time.CreateTimer(_ => self.Tell(new LookForProgress()), null, stuckAfter / 10, stuckAfter / 10);
        }

        StartCourse();
    }

    private void StartCourse()
    {
        _activity.Progressed();
        var restored = _latest is null ? null : new RestoredStudy(_latest);
        _cast = StudyCast.Create(
            Context, _plan, _recorder, _environment.Progress, _environment.Metrics, _activity, _checkpoints, restored);
        _course = new StudyCourse(_plan, _environment, _recorder, _cast, restored, Self, Context.Materializer());
        _course.Begin(_interrupted);
    }

    private void Rewind(Exception cause)
    {
        _failure = Unwrapped(cause);
        if (cause is RecordingFailedException or ActorInitializationException || _failure is StudyFailedException)
        {
            Fail(cause);
            return;
        }

        if (_rewinds == _plan.MaxRewinds)
        {
            Fail(_rewinds == 0 ? cause : GivenUp(_failure));
            return;
        }

        _rewinds++;
        _course!.Abandon();
        foreach (var member in _cast!.Members)
        {
            Context.Watch(member);
            Context.Stop(member);
        }

        Become(Rewinding);
    }

    private void GoBackTo(StudyCheckpoint? checkpoint)
    {
        _latest = checkpoint;
        _recorder.Rewind(checkpoint is null ? _recordedAtStart : CheckpointState.FromBytes(checkpoint.State).Recorded);
        _recorder.RecordEvent(new EventRow(checkpoint?.Step ?? 0, EventKinds.Rewound, $"{_failure!.Message} (try {_rewinds} of {_plan.MaxRewinds})"));
        _environment.Metrics.Rewound();
        Become(Running);
        StartCourse();
    }

    private StudyFailedException GivenUp(Exception cause) => new(
        $"The study was taken back to {(_latest is null ? "its start" : $"the checkpoint at step {_latest.Step}")} {_rewinds} times, and failed each time before "
        + $"it came to the next checkpoint: {cause.Message}",
        cause);

    private void LookForProgressNow()
    {
        if (_course!.IsWaitingForSource)
            _activity.Progressed();
        if (_activity.SinceProgress < _environment.StuckAfter)
            return;
        var stuck = new StudyFailedException(
            $"The study is stuck: nothing got on for {_activity.SinceProgress.TotalMinutes:0.##} minutes while there was work in flight. "
            + $"{string.Join("; ", _activity.Describe())}. The last checkpoint stays; go on from it with elasticity resume.");
        _asker.Tell(new Status.Failure(stuck));
        _asker = ActorRefs.Nobody;
        Fail(stuck);
    }

    private void End(StudyMeasurements measurements)
    {
        _answer = new StudyOutcome(
            _interrupted, _course!.Ready!.LearningRate, _course.Ready.MeanKernelDiagonal, _course.InitialWeights!, _course.Finished!.Weights, measurements);
        Context.Stop(Self);
    }

    private void Fail(Exception cause)
    {
        _course?.Abandon();
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

    private sealed record ChildFailed(Exception Cause) : ILocalMessage;

    private sealed record LookForProgress : ILocalMessage;
}
