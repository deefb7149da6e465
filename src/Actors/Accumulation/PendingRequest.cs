using Akka.Actor;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Compute.Probing;

namespace ElasticityStream.Actors.Accumulation;

/// <summary>One probe request, until the trainer's records and the rows of every shard are there.</summary>
internal sealed class PendingRequest(int shards)
{
    private readonly PerturbationBlock?[] _shards = new PerturbationBlock?[shards];

    public AccumulatorProtocol.StepsTaken? Steps { get; private set; }

    public IActorRef Trainer { get; private set; } = ActorRefs.Nobody;

    public bool IsComplete => Steps is not null && Array.TrueForAll(_shards, s => s is not null);

    public void Add(AccumulatorProtocol.StepsTaken steps, IActorRef trainer)
    {
        Steps = steps;
        Trainer = trainer;
    }

    public void Add(AccumulatorProtocol.PerturbationRows rows) => _shards[rows.Shard] = rows.Perturbations;

    /// <summary>Puts the row of one step together from the shards, in their order.</summary>
    /// <param name="step">Its index in the request.</param>
    /// <param name="change">Receives n changes.</param>
    /// <param name="magnitude">Receives n magnitudes; for one output the changes again, whose absolute values they are.</param>
    public void CopyRow(int step, Span<double> change, Span<double> magnitude)
    {
        var start = 0;
        foreach (var shard in _shards)
        {
            var rows = shard!;
            var source = step * rows.Probes;
            rows.Change.AsSpan(source, rows.Probes).CopyTo(change[start..]);
            (rows.Magnitude ?? rows.Change).AsSpan(source, rows.Probes).CopyTo(magnitude[start..]);
            start += rows.Probes;
        }
    }
}
