using Akka.Actor;
using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;

namespace ElasticityStream.Actors.Training;

/// <summary>What the trainer sends to the evaluators, and of the same steps to the accumulator, in one order; and what of it is not acknowledged yet.</summary>
/// <param name="probes">The probe set.</param>
/// <param name="evaluators">Each with its shard of the probes.</param>
/// <param name="accumulator">Gathers what they answer.</param>
/// <param name="checkpoints">Puts checkpoints together.</param>
internal sealed class ProbeDispatch(ProbeSet probes, IReadOnlyList<IActorRef> evaluators, IActorRef accumulator, IActorRef checkpoints)
{
    private long _captures;

    /// <summary>The number of the request to come next.</summary>
    public long NextRequest { get; private set; }

    /// <summary>How many requests are not accumulated yet.</summary>
    public int InFlight { get; private set; }

    /// <summary>How many evaluators have not taken their weights yet.</summary>
    public int Loading { get; private set; }

    /// <summary>A request is accumulated.</summary>
    public void Accumulated() => InFlight--;

    /// <summary>An evaluator has taken its weights.</summary>
    public void Loaded() => Loading--;

    /// <summary>Gives every evaluator its probes; where every trained sample is a probe, all of them as well.</summary>
    public void SendProbes(bool closed)
    {
        foreach (var (shard, evaluator) in evaluators.Index())
        {
            var (start, count) = Shards.Range(probes.Count, evaluators.Count, shard);
            evaluator.Tell(new EvaluatorProtocol.LoadProbes(probes.Features(start, count), count));
        }

        if (!closed)
            return;
        var all = new EvaluatorProtocol.CloseProbes(probes.Features(0, probes.Count));
        foreach (var evaluator in evaluators)
            evaluator.Tell(all);
    }

    /// <summary>Sends weights to begin anew from.</summary>
    public void SendWeights(NetworkWeights weights)
    {
        var message = new EvaluatorProtocol.LoadWeights(weights);
        foreach (var evaluator in evaluators)
            evaluator.Tell(message);
        Loading += evaluators.Count;
    }

    /// <summary>Sends each evaluator what it carried.</summary>
    public void SendCarried(RestoredStudy restored)
    {
        foreach (var (shard, evaluator) in evaluators.Index())
            evaluator.Tell(new EvaluatorProtocol.Restore(restored.Part(CheckpointParts.Evaluator(shard))));
        Loading += evaluators.Count;
    }

    /// <summary>Sends steps.</summary>
    public void Send(
        StepKind kind, double learningRate, UpdateBlock updates, StepRecord[] records, bool endsUnit, double[]? kernelRows = null, string? trace = null)
    {
        accumulator.Tell(new AccumulatorProtocol.StepsTaken(NextRequest, kind, learningRate, records, endsUnit, kernelRows, trace));
        var request = new EvaluatorProtocol.ProbeRequest(NextRequest, updates, trace);
        foreach (var evaluator in evaluators)
            evaluator.Tell(request);
        NextRequest++;
        InFlight++;
    }

    /// <summary>Has everybody capture what they carry after the steps sent so far. Nothing waits for it.</summary>
    public void SendCapture(CheckpointPlace place, bool save, TrainerState state, CarriedState arrays)
    {
        checkpoints.Tell(new CheckpointProtocol.TrainerCaptured(_captures, save, place, state, arrays));
        if (place.Phase != StudyPhase.Pretraining)
        {
            accumulator.Tell(new AccumulatorProtocol.Capture(_captures, NextRequest));
            foreach (var evaluator in evaluators)
                evaluator.Tell(new EvaluatorProtocol.Capture(_captures));
        }

        _captures++;
    }
}
