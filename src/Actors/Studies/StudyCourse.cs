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
/// Leads one cast through a study, from the start or from a checkpoint: pre-training, training or a sweep, the end. Belongs to the study's actor, which
/// gives it the messages that concern it. After a failure another cast begins another course.
/// </summary>
internal sealed class StudyCourse
{
    // Tells the order of the mini-batches from that of the steps under the same seed.
    private const long PretrainingSeedOffset = 0x5EED;

    private readonly StudyPlan _plan;
    private readonly StudyEnvironment _environment;
    private readonly GuardedRecorder _recorder;
    private readonly StudyCast _cast;
    private readonly RestoredStudy? _restored;
    private readonly IActorRef _study;
    private readonly IMaterializer _materializer;
    private StudyStream? _stream;
    private Action _afterCapture = () => { };
    private TrainingPosition _position = TrainingPosition.Start;
    private PretrainingProgress _pretraining = new(0, 0);
    private bool _isMeasuring;
    private bool _isPretrainingCutShort;
    private bool _interrupted;

    /// <summary>Creates a course that has not begun.</summary>
    /// <param name="plan">The study.</param>
    /// <param name="environment">What it runs in.</param>
    /// <param name="recorder">Where its events are recorded.</param>
    /// <param name="cast">Who takes it.</param>
    /// <param name="restored">What it goes on from; null for the start.</param>
    /// <param name="study">Gets the answers of the cast.</param>
    /// <param name="materializer">Runs its streams.</param>
    public StudyCourse(
        StudyPlan plan, StudyEnvironment environment, GuardedRecorder recorder, StudyCast cast, RestoredStudy? restored, IActorRef study,
        IMaterializer materializer)
    {
        _plan = plan;
        _environment = environment;
        _recorder = recorder;
        _cast = cast;
        _restored = restored;
        _study = study;
        _materializer = materializer;
        if (restored is null)
            return;
        (_position, _pretraining, _isMeasuring) = (restored.State.Position, restored.State.Pretraining ?? _pretraining, WasMeasuring);
    }

    /// <summary>The weights before any training.</summary>
    public NetworkWeights? InitialWeights { get; private set; }

    /// <summary>The learning rate, once it is fixed.</summary>
    public TrainerProtocol.Ready? Ready { get; private set; }

    /// <summary>The final weights, at the end.</summary>
    public TrainerProtocol.Finished? Finished { get; private set; }

    /// <summary>Whether there is nothing to do until the source has another sample.</summary>
    public bool IsWaitingForSource => _stream is { IsWaiting: true } && !_environment.Metrics.HasBlocksInFlight;

    private bool WasMeasuring => _restored is { State.Phase: StudyPhase.Training };

    private StudyMetrics Metrics => _environment.Metrics;

    private CheckpointPlace Place => _isMeasuring ? CheckpointPlace.InTraining(_position) : new CheckpointPlace(StudyPhase.Pretraining, _position, _pretraining);

    /// <summary>Begins.</summary>
    /// <param name="interrupted">Whether the study has been asked to end already.</param>
    public void Begin(bool interrupted)
    {
        Metrics.Is(StudyState.Starting);
        _environment.Progress.Report(new StudyProgress(StudyPhase.Preparing, 0, null, null, null));
        if (interrupted)
            Interrupt();
        Tell(new TrainerProtocol.Initialise());
    }

    /// <summary>The model exists: mini-batches come next, where there are any to take.</summary>
    public void Go(TrainerProtocol.Initialised initialised)
    {
        InitialWeights = initialised.Weights;
        if (_plan.Pretraining is not { } pretraining || WasMeasuring)
            Tell(new TrainerProtocol.Begin());
        else
            // Before the first of them too, so that there is something to go back to.
            Capture(() => Pretrain(pretraining), save: false);
    }

    /// <summary>A checkpoint was taken.</summary>
    public void Captured() => _afterCapture();

    /// <summary>The study can be measured.</summary>
    public void Go(TrainerProtocol.Ready ready)
    {
        Ready = ready;
        Metrics.Is(StudyState.Running);
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

        (_position, _isMeasuring) = (TrainingPosition.Start, true);
        Capture(Measure, save: _plan.Pretraining is not null);
    }

    /// <summary>All that is to be measured was, or the study is to end early: lets what is in flight come in.</summary>
    public void Finish() => Tell(new TrainerProtocol.Finish(_isPretrainingCutShort ? null : Place));

    /// <summary>Everything is accumulated.</summary>
    public void End(TrainerProtocol.Finished finished) => Finished = finished;

    /// <summary>Ends the course early, keeping what was measured.</summary>
    public void Interrupt()
    {
        _interrupted = true;
        _stream?.End();
        if (Finished is null)
            Tell(new TrainerProtocol.Interrupt());
    }

    /// <summary>Gives the course up: its cast will answer no more.</summary>
    public void Abandon()
    {
        Metrics.WaitingNoMore();
        _stream?.Abandon();
    }

    private void Pretrain(TrainingStreamOptions pretraining)
    {
        if (_interrupted)
        {
            EndPretraining();
            return;
        }

        var total = _plan.Source.Schema.Count is { } count && pretraining.Passes is { } passes
            ? (long?)Math.Ceiling((double)(count - pretraining.ExcludedIds.Count) * passes / pretraining.BlockSize)
            : null;
        var schedule = new CheckpointSchedule(_environment.Checkpoints, _position.Step);
        // Only the stream writes where it is, one batch at a time, and the actor reads it when it has ended.
        RunStream(
            pretraining with { Seed = pretraining.Seed + PretrainingSeedOffset, Start = _position },
            async (batch, _, abandoned) =>
            {
                var done = await AskAsync<TrainerProtocol.Pretrained>(new TrainerProtocol.Pretrain(batch), abandoned);
                (_position, _pretraining) = (batch.End, new PretrainingProgress(_pretraining.Batches + 1, done.MeanLoss));
                _environment.Progress.Report(new StudyProgress(StudyPhase.Pretraining, _pretraining.Batches, total, done.MeanLoss, null));
                var save = schedule.IsDue(batch.End.Step);
                if (save || batch.End.Step / _plan.RebaseEvery > batch.FirstStep / _plan.RebaseEvery)
                    await AskAsync<TrainerProtocol.Captured>(new TrainerProtocol.Capture(Place, save), abandoned);
            },
            EndPretraining);
    }

    private void EndPretraining()
    {
        if (_interrupted)
        {
            _isPretrainingCutShort = true;
            Capture(() => Tell(new TrainerProtocol.Begin()), save: true);
            return;
        }

        _recorder.RecordEvent(new EventRow(
            0, EventKinds.Pretrained, $"{_pretraining.Batches} mini-batches, mean loss of the last {_pretraining.MeanLoss:g6}"));
        Tell(new TrainerProtocol.Begin());
    }

    private void Measure()
    {
        if (_interrupted)
            Finish();
        else if (_plan.Protocol == Protocol.Online)
            Train();
        else if (_restored is { State: { Phase: StudyPhase.Training, Trainer.IsSweepDue: false } })
            Finish();
        else
            Tell(new TrainerProtocol.Sweep());
    }

    private void Train()
    {
        var schedule = new CheckpointSchedule(_environment.Checkpoints, _position.Step);
        Metrics.Waiting();
        RunStream(
            _plan.Stream with { Start = _position },
            async (block, next, abandoned) =>
            {
                Metrics.BlockBegun();
                await AskAsync<TrainerProtocol.BlockTrained>(new TrainerProtocol.TrainBlock(block, next, schedule.IsDue(block.End.Step)), abandoned);
                _position = block.End;
                Metrics.Waiting();
            },
            () =>
            {
                Metrics.WaitingNoMore();
                Finish();
            });
    }

    private void RunStream(TrainingStreamOptions options, Func<SampleBlock, SampleBlock?, CancellationToken, Task> train, Action then)
    {
        (_stream, var completion) = StudyStream.Run(_materializer, _plan.Source, options, train);
        _ = completion.PipeTo(_study, success: () => new Ended(this, then), failure: e => new Failed(this, e));
    }

    private void Capture(Action then, bool save)
    {
        _afterCapture = then;
        Tell(new TrainerProtocol.Capture(Place, save));
    }

    private Task<T> AskAsync<T>(object question, CancellationToken abandoned) => _cast.Trainer.Ask<T>(question, Timeout.InfiniteTimeSpan, abandoned);

    // The study's actor gets the answer.
    private void Tell(object message) => _cast.Trainer.Tell(message, _study);

    /// <summary>The stream of a course has ended.</summary>
    /// <param name="Course">Which course's.</param>
    /// <param name="Then">What comes next.</param>
    public sealed record Ended(StudyCourse Course, Action Then) : ILocalMessage;

    /// <summary>The stream of a course has failed.</summary>
    /// <param name="Course">Which course's.</param>
    /// <param name="Cause">How.</param>
    public sealed record Failed(StudyCourse Course, Exception Cause) : ILocalMessage;
}
