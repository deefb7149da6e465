using System.Diagnostics;
using Akka.Actor;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Supervision;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Actors.Evaluation;

/// <summary>
/// Observes one shard of the probes.
/// <para>Accepts: <see cref="EvaluatorProtocol"/> from the trainer, in its order.</para>
/// <para>Emits: <see cref="AccumulatorProtocol.PerturbationRows"/> to the accumulator, one for each probe request; <see cref="TrainerProtocol.WeightsLoaded"/>
/// and <see cref="TrainerProtocol.PreActivations"/> to the trainer; <see cref="CheckpointProtocol.ShardCaptured"/> to the checkpoints.</para>
/// <para>Fails: on a request before its probes and weights, or of another engine. Nothing survives: another one goes on from a checkpoint.</para>
/// </summary>
public sealed class EvaluatorActor : WatchedActor
{
    private IProbeShard? _shard;

    /// <summary>Creates an evaluator without probes.</summary>
    /// <param name="engine">Creates the shard.</param>
    /// <param name="index">The shard's number.</param>
    /// <param name="accumulator">Where the rows go.</param>
    /// <param name="checkpoints">Where captures go.</param>
    /// <param name="metrics">Told of every request.</param>
    /// <param name="activity">Told what it does.</param>
    public EvaluatorActor(
        IProbeEngine engine, int index, IActorRef accumulator, IActorRef checkpoints, StudyMetrics metrics, StudyActivity activity)
        : base(activity)
    {
        Receive<EvaluatorProtocol.LoadProbes>(m =>
        {
            _shard?.Dispose();
            _shard = engine.CreateShard(Array.ConvertAll(m.Features, f => (double)f), m.Count);
        });
        Receive<EvaluatorProtocol.LoadWeights>(m =>
        {
            Shard.Load(m.Weights);
            Sender.Tell(new TrainerProtocol.WeightsLoaded(index));
        });
        Receive<EvaluatorProtocol.Restore>(m =>
        {
            Shard.Restore(m.Carried);
            Sender.Tell(new TrainerProtocol.WeightsLoaded(index));
        });
        Receive<EvaluatorProtocol.Capture>(m => checkpoints.Tell(new CheckpointProtocol.ShardCaptured(m.Number, index, Shard.Capture())));
        Receive<EvaluatorProtocol.CloseProbes>(m => ((IHandOverShard)Shard).Close(Array.ConvertAll(m.Features, f => (double)f)));
        Receive<EvaluatorProtocol.ReadPreActivations>(m => Sender.Tell(
            new TrainerProtocol.PreActivations(m.Label, index, ((IHandOverShard)Shard).PreActivations(m.Probes))));
        var engineName = ProbeEngine.Name(engine.Kind);
        Receive<EvaluatorProtocol.ProbeRequest>(m =>
        {
            using var span = StudyTracing.Start(StudyTracing.Probe, m.Trace);
            span?.SetTag("elasticity.shard", index);
            var start = Stopwatch.GetTimestamp();
            var rows = Shard.Perturb(m.Updates);
            metrics.Probed(engineName, Stopwatch.GetElapsedTime(start));
            accumulator.Tell(new AccumulatorProtocol.PerturbationRows(m.Sequence, index, rows));
        });
    }

    private IProbeShard Shard => _shard ?? throw new InvalidOperationException("The evaluator has no probes: LoadProbes comes first.");

    /// <summary>The number of torch threads is a property of the calling thread; this actor has its own.</summary>
    protected override void PreStart() => TorchThreads.UseOne();

    /// <summary>Frees the shard.</summary>
    protected override void PostStop() => _shard?.Dispose();
}
