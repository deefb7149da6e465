using Akka.Actor;
using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Clustering;
using ElasticityStream.Actors.Evaluation;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Supervision;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Actors.Training;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Actors.Studies;

/// <summary>The actors that work on a study together, and go back to a checkpoint together.</summary>
/// <param name="Trainer">Takes the steps.</param>
/// <param name="Accumulator">Gathers the rows.</param>
/// <param name="Members">All of them.</param>
internal sealed record StudyCast(IActorRef Trainer, IActorRef Accumulator, IReadOnlyList<IActorRef> Members)
{
    /// <summary>Creates them as children of the study.</summary>
    /// <param name="context">The study's.</param>
    /// <param name="plan">The study.</param>
    /// <param name="recorder">Where rows are recorded.</param>
    /// <param name="progress">Told where the study stands.</param>
    /// <param name="metrics">Told what they do.</param>
    /// <param name="activity">Told whether they get on.</param>
    /// <param name="checkpoints">Where their captures go.</param>
    /// <param name="restored">What they go on from; null for the start.</param>
    public static StudyCast Create(
        IActorContext context, StudyPlan plan, IStudyRecorder recorder, IProgress<StudyProgress> progress, StudyMetrics metrics, StudyActivity activity,
        IActorRef checkpoints, RestoredStudy? restored)
    {
        // What was measured before, if anything was.
        var measured = restored is { State.Accumulator: not null } ? restored : null;
        var earlier = measured?.State.Accumulator?.Clusterings ?? [];
        var clustering = context.ActorOf(
            Props.Create(() => new ClusteringActor(new ClusteringSettings(plan.Probes, plan.ClusteringMethods, plan.Clustering, metrics, earlier), activity)),
            "clustering");
        var accumulator = context.ActorOf(
            Props.Create(() => new SimilarityAccumulatorActor(
                new AccumulatorSettings(
                    plan.Probes, plan.Evaluators, plan.RowUpdate, plan.EwmaWeight, plan.RowsFromSweeps, plan.Bias,
                    plan.RecordEvery, plan.ClusterEvery, plan.Window, plan.TotalSteps, recorder, progress, metrics, measured),
                clustering, checkpoints, activity)),
            "accumulator");
        var evaluators = Enumerable.Range(0, plan.Evaluators)
            .Select(shard => context.ActorOf(
                Props.Create(() => new EvaluatorActor(plan.Engine, shard, accumulator, checkpoints, metrics, activity)).WithDispatcher(ElasticityAkka.TorchDispatcher),
                $"evaluator-{shard}"))
            .ToArray();
        var trainer = context.ActorOf(
            Props.Create(() => new TrainerActor(
                new TrainerSettings(
                    plan.Engine, plan.InitialWeights, plan.Loss, plan.Probes, plan.LearningRate, plan.PretrainingLearningRate,
                    plan.Credits, plan.RebaseEvery, plan.SweepEvery, plan.Stream.BlockSize, plan.IsClosed, plan.Protocol == Protocol.Sweep, plan.SweepKernel,
                    metrics, restored),
                evaluators, accumulator, checkpoints, activity)).WithDispatcher(ElasticityAkka.TorchDispatcher),
            "trainer");
        return new StudyCast(trainer, accumulator, [trainer, .. evaluators, accumulator, clustering]);
    }
}
