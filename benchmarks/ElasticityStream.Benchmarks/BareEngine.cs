using System.Collections.Concurrent;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Benchmarks;

/// <summary>
/// An engine without actors or streams: a trainer thread and a thread a shard, each with one torch thread, and few blocks under
/// way, as in a study.
/// </summary>
internal sealed class BareEngine : IDisposable
{
    private readonly RandomStudy _study;
    private readonly int _block;
    private readonly IStepper _stepper;
    private readonly IProbeShard[] _shards;

    public BareEngine(IProbeEngine engine, RandomStudy study, int inputs, int shards, int block, double rate)
    {
        _study = study;
        _block = block;
        _stepper = engine.CreateStepper();
        _stepper.LearningRate = rate;
        var probes = study.Probes.Length / inputs;
        _shards = new IProbeShard[shards];
        for (var s = 0; s < shards; s++)
        {
            var (first, end) = (probes * s / shards, probes * (s + 1) / shards);
            _shards[s] = engine.CreateShard(study.Probes.AsSpan(first * inputs, (end - first) * inputs), end - first);
            _shards[s].Load(NetworkWeights.From(_stepper.Model));
        }
    }

    /// <summary>Takes steps until every shard has their rows.</summary>
    public void Run(int blocks)
    {
        var queues = _shards.Select(_ => new BlockingCollection<UpdateBlock>(boundedCapacity: 1)).ToArray();
        var work = _shards.Select((shard, s) => (Action)(() =>
        {
            foreach (var updates in queues[s].GetConsumingEnumerable())
                shard.Perturb(updates);
        })).Append(() => Train(blocks, queues));
        InThreads([.. work]);
        Array.ForEach(queues, q => q.Dispose());
    }

    public void Dispose()
    {
        _stepper.Dispose();
        Array.ForEach(_shards, s => s.Dispose());
    }

    private void Train(int blocks, BlockingCollection<UpdateBlock>[] queues)
    {
        for (var b = 0; b < blocks; b++)
        {
            var (features, labels) = _study.Next(_block);
            var updates = _stepper.Step(features.Span, labels.Span, apply: true).Updates;
            Array.ForEach(queues, q => q.Add(updates));
        }

        Array.ForEach(queues, q => q.CompleteAdding());
    }

    // A thread that fails ends the program, as any unhandled exception does: nothing is left to measure.
    private static void InThreads(Action[] work)
    {
        var threads = work.Select(run => new Thread(() =>
        {
            TorchThreads.UseOne();
            run();
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
    }
}
