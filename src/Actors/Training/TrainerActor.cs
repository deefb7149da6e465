using Akka.Actor;
using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Supervision;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using ElasticityStream.Streams;

namespace ElasticityStream.Actors.Training;

/// <summary>
/// Owns the model and takes the SGD steps.
/// <para>Accepts: <see cref="TrainerProtocol"/>, one question at a time.</para>
/// <para>
/// Emits: to each evaluator its probes, the weights at the start and at rebase points, and a <see cref="EvaluatorProtocol.ProbeRequest"/>
/// for each block (or several, where the engine describes no whole block in bounded memory); to the accumulator what it knows of the same steps;
/// to the checkpoints what it carries, at every rebase, before every sweep and when asked.
/// </para>
/// <para>
/// Fails: on a loss that is not finite (<see cref="StudyFailedException"/> with the step and the sample). Nothing survives: another one goes on from
/// a checkpoint.
/// </para>
/// A question is worked off by an iterator that pauses where no further request may be in flight, or the evaluators are to hold their
/// weights first, and goes on when one of them or the accumulator acknowledges; it also pauses within long computations, for the
/// messages that have arrived meanwhile. So no message blocks the thread. At the end nothing that was sent is left unread.
/// </summary>
public sealed class TrainerActor : WatchedActor
{
    private readonly TrainerSettings _settings;
    private readonly ProbeDispatch _dispatch;
    private readonly HandOver _handOver;
    private readonly SweepWork _sweeps;
    private readonly PausingWork _work;
    private readonly TrainerTelemetry _telemetry;
    private SampleStepper? _model;
    private NetworkWeights? _weights;
    private IActorRef _asker = ActorRefs.Nobody;
    private double? _meanKernelDiagonal;
    private long _steps;

    /// <summary>Creates a trainer that has no model yet.</summary>
    public TrainerActor(
        TrainerSettings settings, IReadOnlyList<IActorRef> evaluators, IActorRef accumulator, IActorRef checkpoints, StudyActivity activity)
        : base(activity)
    {
        _settings = settings;
        _dispatch = new ProbeDispatch(settings.Probes, evaluators, accumulator, checkpoints);

        _handOver = new HandOver(settings.Probes, evaluators);
        _sweeps = new SweepWork(settings, evaluators, _dispatch, activity);
        _telemetry = new TrainerTelemetry(settings.Metrics);
        _work = new PausingWork(() => Self.Tell(new GoOn()));

        Receive<TrainerProtocol.Initialise>(_ => Work(Initialise()));
        Receive<TrainerProtocol.Pretrain>(m => Work(Pretrain(m.Batch)));
        Receive<TrainerProtocol.Begin>(_ => Work(Begin()));
        Receive<TrainerProtocol.TrainBlock>(m => Work(Train(m.Block, m.Next, m.Save)));
        Receive<TrainerProtocol.Capture>(m => Work(Capture(m)));
        Receive<TrainerProtocol.Sweep>(_ => Work(SweepOnly()));
        Receive<TrainerProtocol.Finish>(m => Work(Finish(m.Place)));
        Receive<TrainerProtocol.Interrupt>(_ => _sweeps.Interrupt());
        Receive<TrainerProtocol.RequestAccumulated>(m =>
        {
            _dispatch.Accumulated();
            _telemetry.Accumulated(m.Sequence);
            _work.Advance(Pause.UntilAcknowledged);
        });
        Receive<TrainerProtocol.WeightsLoaded>(_ =>
        {
            _dispatch.Loaded();
            _work.Advance(Pause.UntilAcknowledged);
        });
        Receive<TrainerProtocol.PreActivations>(m =>
        {
            if (m.Label < 0)
                _sweeps.Accept(m);
            else
                _handOver.Accept(m);
            _work.Advance(Pause.UntilAcknowledged);
        });
        Receive<GoOn>(_ => _work.Advance(Pause.ForOtherMessages));
    }

    private SampleStepper Model => _model ?? throw new InvalidOperationException("The trainer has no model: Initialise comes first.");

    private IStepper Stepper => Model.Stepper;

    /// <summary>The number of torch threads is a property of the calling thread; this actor has its own.</summary>
    protected override void PreStart() => TorchThreads.UseOne();

    /// <summary>Frees the model, and what an unfinished question holds.</summary>
    protected override void PostStop()
    {
        _work.GiveUp();
        _telemetry.GiveUp();
        _model?.Stepper.Dispose();
    }

    private void Work(IEnumerator<Pause> work)
    {
        _asker = Sender;
        _work.Begin(work);
    }

    private IEnumerator<Pause> Initialise()
    {
        _model = new SampleStepper(_settings.Engine.CreateStepper(_settings.InitialWeights), _settings.Probes);
        _weights = NetworkWeights.From(Stepper.Model);
        _asker.Tell(new TrainerProtocol.Initialised(_weights));
        if (_settings.Restored is { State.Phase: StudyPhase.Pretraining } restored)
            RestoreStepper(restored);
        yield break;
    }

    private IEnumerator<Pause> Pretrain(SampleBlock batch)
    {
        double loss;
        try
        {
            loss = Model.TrainMiniBatch([.. batch.Samples.Select(s => s.Sample)], _settings.PretrainingLearningRate);
            _weights = null;
            Activity.Progressed();
        }
        catch (NonFiniteLossException e)
        {
            throw new StudyFailedException(
                $"Pre-training diverged in the mini-batch from sample '{batch.Samples[0].Sample.Id}' on (pass {batch.Samples[0].Pass + 1}): "
                + $"{e.Message} A smaller training.pretraining.learningRate than {_settings.PretrainingLearningRate:g6} may help.", e);
        }

        _asker.Tell(new TrainerProtocol.Pretrained(loss));
        yield break;
    }

    private IEnumerator<Pause> Begin()
    {
        var restored = _settings.Restored is { State.Phase: StudyPhase.Training } training ? training : null;
        if (restored is null)
            FixLearningRate();
        _dispatch.SendProbes(_settings.Closed);
        if (_settings.Closed)
            ((IClosedStepper)Stepper).Close(_settings.Probes.Features());
        if (restored is null)
            SendWeights();
        else
            Restore(restored);
        while (_dispatch.Loading > 0)
            yield return Pause.UntilAcknowledged;
        if (_sweeps.IsDue && !_settings.SweepOnly)
            yield return _work.Until(_sweeps.Take(Model, _steps));
        _asker.Tell(new TrainerProtocol.Ready(Stepper.LearningRate, _meanKernelDiagonal));
    }

    private void FixLearningRate()
    {
        if (_settings.LearningRate is { } rate)
        {
            Stepper.LearningRate = rate;
            return;
        }

        _meanKernelDiagonal = Model.MeanKernelDiagonal();
        if (!(_meanKernelDiagonal > 0) || !double.IsFinite(_meanKernelDiagonal.Value))
            throw new StudyFailedException($"learningRate: auto needs a positive mean K_ii over the probes, but it is {_meanKernelDiagonal}. Set a number.");
        Stepper.LearningRate = 0.5 / _meanKernelDiagonal.Value;
    }

    private void Restore(RestoredStudy restored)
    {
        var state = restored.State.Trainer;
        Stepper.LearningRate = state.LearningRate;
        (_meanKernelDiagonal, _sweeps.IsDue, _steps) = (state.MeanKernelDiagonal, state.IsSweepDue, restored.State.Position.Step);
        RestoreStepper(restored);
        if (state.HandedOver is { } probes)
            _handOver.Restore(_steps, probes, restored.Values<float>(CheckpointParts.Trainer, CheckpointParts.HandedOver));
        _dispatch.SendCarried(restored);
    }

    private void RestoreStepper(RestoredStudy restored)
    {
        Stepper.Restore(restored.Stepper);
        _weights = null;
    }

    private IEnumerator<Pause> Train(SampleBlock block, SampleBlock? next, bool save)
    {
        if (block.FirstStep != _steps)
            throw new InvalidOperationException($"The block starts at step {block.FirstStep}, but {_steps} steps are done.");
        var before = _steps;
        _telemetry.Begin(block);
        yield return _work.Until(_settings.Closed ? TrainClosed(block, next) : TrainOpen(block));
        var rebases = Due(_settings.RebaseEvery, before);
        if (rebases)
            SendWeights();
        _sweeps.IsDue = _settings.SweepEvery is { } every && Due(every, before);
        if (rebases || save || _sweeps.IsDue)
            yield return _work.Until(Capture(CheckpointPlace.InTraining(block.End), save));
        if (_sweeps.IsDue)
            yield return _work.Until(_sweeps.Take(Model, _steps));
        _asker.Tell(new TrainerProtocol.BlockTrained(_steps));
    }

    private IEnumerator<Pause> Capture(TrainerProtocol.Capture asked)
    {
        yield return _work.Until(Capture(asked.Place, asked.Save));
        _asker.Tell(new TrainerProtocol.Captured());
    }

    // What the evaluators hand over for the next block lacks the steps of the one before, and cannot be had again: it belongs to the checkpoint.
    private IEnumerator<Pause> Capture(CheckpointPlace place, bool save)
    {
        while (!_handOver.IsComplete)
            yield return Pause.UntilAcknowledged;
        var carried = Stepper.Capture();
        var isHandedOver = place.Phase != StudyPhase.Pretraining && _settings.Closed && _handOver.IsFor(_steps);
        if (isHandedOver)
            carried = new CarriedState([.. carried.Arrays, new CarriedArray(CheckpointParts.HandedOver, _handOver.PreActivations)]);
        var state = new TrainerState(Stepper.LearningRate, _meanKernelDiagonal, _sweeps.IsDue, isHandedOver ? _handOver.Probes : null);
        _dispatch.SendCapture(place, save, state, carried);
    }

    private IEnumerator<Pause> TrainOpen(SampleBlock block)
    {
        var done = 0;
        foreach (var chunk in block.Samples.Chunk(Math.Min(_settings.Engine.MaxStepsPerCall, block.Samples.Length)))
        {
            while (_dispatch.InFlight >= _settings.Credits)
                yield return Pause.UntilAcknowledged;
            done += chunk.Length;
            TrainOn(chunk, samples => Model.Step(samples, apply: true, _steps), endsUnit: done == block.Samples.Length);
        }
    }

    // The pre-activations of the next block are asked for before this block's request is sent: they lack its steps, whatever the timing, and the
    // evaluators read them out while this block is being stepped.
    private IEnumerator<Pause> TrainClosed(SampleBlock block, SampleBlock? next)
    {
        var areBehind = _handOver.IsFor(block.FirstStep);
        if (!areBehind)
            _handOver.Ask(block);
        while (!_handOver.IsComplete || _dispatch.InFlight >= _settings.Credits)
            yield return Pause.UntilAcknowledged;
        var rows = (_handOver.Probes, _handOver.PreActivations);
        if (next is not null)
            _handOver.Ask(next);
        TrainOn([.. block.Samples], samples => Model.StepClosed(samples, rows, areBehind, _steps), endsUnit: true);
    }

    private void TrainOn(ScheduledSample[] scheduled, Func<Sample[], SteppedBlock> step, bool endsUnit)
    {
        var samples = Array.ConvertAll(scheduled, s => s.Sample);
        var stepped = _telemetry.Steps(samples, step);
        Activity.Progressed();
        var records = scheduled.Zip(stepped.Results).Select((s, b) => Model.Record(_steps + b, s.First.Pass, s.First.Sample, s.Second)).ToArray();
        _steps += samples.Length;
        _weights = null;
        var trace = endsUnit ? _telemetry.End(_dispatch.NextRequest) : _telemetry.Trace;
        _dispatch.Send(StepKind.Training, Stepper.LearningRate, stepped.Updates, records, endsUnit, trace: trace);
    }

    private IEnumerator<Pause> SweepOnly()
    {
        yield return _work.Until(_sweeps.Take(Model, _steps));
        _asker.Tell(new TrainerProtocol.Swept());
    }

    private IEnumerator<Pause> Finish(CheckpointPlace? place)
    {
        if (place is not null && !_sweeps.IsDue)
            yield return _work.Until(Capture(place, save: true));
        while (_dispatch.InFlight > 0 || _dispatch.Loading > 0 || !_handOver.IsComplete)
            yield return Pause.UntilAcknowledged;
        _asker.Tell(new TrainerProtocol.Finished(_weights ?? NetworkWeights.From(Stepper.Model), _steps));
    }

    private void SendWeights()
    {
        // A copy of the weights is large, and none has to be made of weights that have not changed since.
        _weights ??= Stepper.Rebase();
        _dispatch.SendWeights(_weights);
    }

    private bool Due(long every, long before) => _steps / every > before / every;

    private sealed record GoOn : ILocalMessage;
}
