using System.Reflection;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Clustering;
using ElasticityStream.Actors.Evaluation;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Actors.Training;
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
/// <para>Fails: never itself. What it throws ends the study, as does a child that fails, or the stream, or the end of its system.</para>
/// </summary>
public sealed class StudyActor : ReceiveActor
{
    // Tells the order of the mini-batches from that of the steps under the same seed.
    private const long PretrainingSeedOffset = 0x5EED;

    private readonly StudyPlan _plan;
    private readonly IStudyRecorder _recorder;
    private readonly IProgress<StudyProgress> _progress;
    private readonly StudyMetrics _metrics;
    private IActorRef _asker = ActorRefs.Nobody;
    private IActorRef _trainer = ActorRefs.Nobody;
    private IActorRef _accumulator = ActorRefs.Nobody;
    private UniqueKillSwitch? _stream;
    private bool _interrupted;
    private long _batches;
    private double _batchLoss;
    private NetworkWeights? _initialWeights;
    private TrainerProtocol.Ready? _ready;
    private TrainerProtocol.Finished? _finished;
    private object _answer = new Status.Failure(new StudyFailedException("The study was stopped from outside before it had ended."));

    /// <summary>Creates a study that has not started.</summary>
    public StudyActor(StudyPlan plan, IStudyRecorder recorder, IProgress<StudyProgress> progress, StudyMetrics metrics)
    {
        _plan = plan;
        _recorder = recorder;
        _progress = progress;
        _metrics = metrics;

        Receive<StudyProtocol.Run>(_ => Start());
        Receive<StudyProtocol.Interrupt>(_ => Interrupt());
        Receive<TrainerProtocol.Initialised>(m =>
        {
            _initialWeights = m.Weights;
            Pretrain();
        });
        Receive<PretrainingEnded>(_ =>
        {
            _recorder.RecordEvent(new EventRow(0, "pretrained", $"{_batches} mini-batches, mean loss of the last {_batchLoss:g6}"));
            _trainer.Tell(new TrainerProtocol.Begin());
        });
        Receive<TrainerProtocol.Ready>(m =>
        {
            _ready = m;
            Measure();
        });
        Receive<TrainingEnded>(_ =>
        {
            _metrics.WaitingNoMore();
            _trainer.Tell(new TrainerProtocol.Finish());
        });
        Receive<TrainerProtocol.Swept>(_ => _trainer.Tell(new TrainerProtocol.Finish()));
        Receive<TrainerProtocol.Finished>(m =>
        {
            _finished = m;
            _accumulator.Tell(new AccumulatorProtocol.Complete());
        });
        Receive<StudyMeasurements>(End);
        Receive<ChildFailed>(m => Fail(m.Cause));
        Receive<StreamFailed>(m => Fail(m.Cause));
    }

    /// <summary>A child that fails is stopped, and takes the study with it.</summary>
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

    private void Start()
    {
        _asker = Sender;
        _metrics.Is(StudyState.Starting);
        _progress.Report(new StudyProgress(StudyPhase.Preparing, 0, null, null, null));
        var clustering = Context.ActorOf(
            Props.Create(() => new ClusteringActor(new ClusteringSettings(_plan.Probes, _plan.ClusteringMethods, _plan.Clustering, _metrics))),
            "clustering");
        _accumulator = Context.ActorOf(
            Props.Create(() => new SimilarityAccumulatorActor(
                new AccumulatorSettings(
                    _plan.Probes, _plan.Evaluators, _plan.RowUpdate, _plan.EwmaWeight, _plan.RowsFromSweeps, _plan.Bias,
                    _plan.RecordEvery, _plan.ClusterEvery, _plan.Window, _plan.TotalSteps, _recorder, _progress, _metrics),
                clustering)),
            "accumulator");
        var evaluators = Enumerable.Range(0, _plan.Evaluators)
            .Select(shard => Context.ActorOf(
                Props.Create(() => new EvaluatorActor(_plan.Engine, shard, _accumulator, _metrics)).WithDispatcher(ElasticityAkka.TorchDispatcher),
                $"evaluator-{shard}"))
            .ToArray();
        _trainer = Context.ActorOf(
            Props.Create(() => new TrainerActor(
                new TrainerSettings(
                    _plan.Engine, _plan.InitialWeights, _plan.Loss, _plan.Probes, _plan.LearningRate, _plan.PretrainingLearningRate,
                    _plan.Credits, _plan.RebaseEvery, _plan.SweepEvery, _plan.Stream.BlockSize, _plan.IsClosed, _plan.SweepKernel, _metrics),
                evaluators, _accumulator)).WithDispatcher(ElasticityAkka.TorchDispatcher),
            "trainer");
        _trainer.Tell(new TrainerProtocol.Initialise());
    }

    private void Pretrain()
    {
        if (_plan.Pretraining is not { } pretraining || _interrupted)
        {
            _trainer.Tell(new TrainerProtocol.Begin());
            return;
        }

        var trainer = _trainer;
        var total = _plan.Source.Schema.Count is { } count
            ? (long?)Math.Ceiling((double)(count - pretraining.ExcludedIds.Count) * pretraining.Passes / pretraining.BlockSize)
            : null;
        RunStream(
            pretraining with { Seed = pretraining.Seed + PretrainingSeedOffset },
            async (batch, _) =>
            {
                var done = await trainer.Ask<TrainerProtocol.Pretrained>(new TrainerProtocol.Pretrain(batch), Timeout.InfiniteTimeSpan);
                // Only the stream writes these two, one batch at a time, and the actor reads them when it has ended.
                (_batches, _batchLoss) = (_batches + 1, done.MeanLoss);
                _progress.Report(new StudyProgress(StudyPhase.Pretraining, _batches, total, done.MeanLoss, null));
            },
            new PretrainingEnded());
    }

    private void Measure()
    {
        _metrics.Is(StudyState.Running);
        _recorder.RecordEvent(new EventRow(0, "learning-rate", _ready!.MeanKernelDiagonal is { } diagonal
            ? $"auto: 0.5 / mean K_ii = 0.5 / {diagonal:g6} = {_ready.LearningRate:g6}"
            : $"{_ready.LearningRate:g6}"));
        if (_interrupted)
        {
            _trainer.Tell(new TrainerProtocol.Finish());
        }
        else if (_plan.Protocol == Protocol.Sweep)
        {
            _trainer.Tell(new TrainerProtocol.Sweep());
        }
        else
        {
            var trainer = _trainer;
            _metrics.Waiting();
            RunStream(
                _plan.Stream,
                async (block, next) =>
                {
                    _metrics.BlockBegun();
                    await trainer.Ask<TrainerProtocol.BlockTrained>(new TrainerProtocol.TrainBlock(block, next), Timeout.InfiniteTimeSpan);
                    _metrics.Waiting();
                },
                new TrainingEnded());
        }
    }

    // One block at a time, with a look at the next: the trainer gets another when it has acknowledged the one before, and the source waits as long.
    private void RunStream(TrainingStreamOptions options, Func<SampleBlock, SampleBlock?, Task> train, object ended)
    {
        var (stream, completion) = TrainingStream.Create(_plan.Source, options)
            .Select(Option<SampleBlock>.Create)
            .ConcatMaterialized(Source.Single(Option<SampleBlock>.None), Keep.Left)
            .Sliding(2)
            // A stream that ends before its first block is a window of one, which is its end.
            .Where(pair => pair.First().HasValue)
            .SelectAsync(1, async pair =>
            {
                var (block, next) = (pair.First(), pair.Last());
                await train(block.Value, next.HasValue ? next.Value : null);
                return NotUsed.Instance;
            })
            .ToMaterialized(Sink.Ignore<NotUsed>(), Keep.Both)
            .Run(Context.Materializer());
        _stream = stream;
        _ = completion.PipeTo(Self, success: _ => ended, failure: e => new StreamFailed(e));
    }

    private void Interrupt()
    {
        _interrupted = true;
        _stream?.Shutdown();
        _trainer.Tell(new TrainerProtocol.Interrupt());
    }

    private void End(StudyMeasurements measurements)
    {
        _answer = new StudyOutcome(
            _interrupted, _ready!.LearningRate, _ready.MeanKernelDiagonal, _initialWeights!, _finished!.Weights, measurements);
        Context.Stop(Self);
    }

    private void Fail(Exception cause)
    {
        // Not aborted with the cause: where the stream has ended already nobody would look at that exception.
        _stream?.Shutdown();
        _answer = new Status.Failure(Unwrapped(cause));
        Become(() => ReceiveAny(_ => { }));
        Context.Stop(Self);
    }

    // What tasks, and Akka when it creates an actor, wrap around an exception.
    private static Exception Unwrapped(Exception cause) => cause switch
    {
        AggregateException { InnerExceptions: [var only] } => Unwrapped(only),
        ActorInitializationException or TypeLoadException or TargetInvocationException when cause.InnerException is { } inner => Unwrapped(inner),
        _ => cause,
    };

    private sealed record PretrainingEnded : ILocalMessage;

    private sealed record TrainingEnded : ILocalMessage;

    private sealed record ChildFailed(Exception Cause) : ILocalMessage;

    private sealed record StreamFailed(Exception Cause) : ILocalMessage;
}
