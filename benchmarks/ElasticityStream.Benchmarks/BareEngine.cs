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
    private bool _isClosed;

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
    public void Run(int blocks) => Run(queues => Train(blocks, queues));

    /// <summary>Takes steps at probes in the closed form until every shard has their rows.</summary>
    public void RunClosed(int blocks) => Run(queues => TrainClosed(blocks, queues));

    /// <summary>Takes one virtual step at every probe.</summary>
    public void Sweep() => Run(queues =>
    {
        var rows = HandOver([.. Enumerable.Range(0, Math.Min(_block, _study.ProbeCount))], queues);
        for (var first = 0; first < _study.ProbeCount; first += _block)
        {
            var count = Math.Min(_block, _study.ProbeCount - first);
            var preActivations = Join(rows);
            rows = HandOver([.. Enumerable.Range(first + count, Math.Clamp(_study.ProbeCount - first - count, 0, _block))], queues);
            var updates = ((IClosedStepper)_stepper).StepVirtually(_study.ProbeFeatures(first, count), new double[count], preActivations).Updates;
            Array.ForEach(queues, q => q.Add(shard => shard.Perturb(updates)));
        }
    });

    private void Run(Action<BlockingCollection<Action<IProbeShard>>[]> train)
    {
        var queues = _shards.Select(_ => new BlockingCollection<Action<IProbeShard>>(boundedCapacity: 3)).ToArray();
        var work = _shards.Select((shard, s) => (Action)(() =>
        {
            foreach (var act in queues[s].GetConsumingEnumerable())
                act(shard);
        })).Append(() =>
        {
            train(queues);
            Array.ForEach(queues, q => q.CompleteAdding());
        });
        InThreads([.. work]);
        Array.ForEach(queues, q => q.Dispose());
    }

    public void Dispose()
    {
        _stepper.Dispose();
        Array.ForEach(_shards, s => s.Dispose());
    }

    private void Train(int blocks, BlockingCollection<Action<IProbeShard>>[] queues)
    {
        for (var b = 0; b < blocks; b++)
        {
            var (features, labels) = _study.Next(_block);
            var updates = _stepper.Step(features.Span, labels.Span, apply: true).Updates;
            Array.ForEach(queues, q => q.Add(shard => shard.Perturb(updates)));
        }
    }

    // As the trainer actor does: the next block's rows are asked for before this block's updates are sent.
    private void TrainClosed(int blocks, BlockingCollection<Action<IProbeShard>>[] queues)
    {
        var stepper = (IClosedStepper)_stepper;
        if (!_isClosed)
        {
            stepper.Close(_study.Probes);
            Array.ForEach(_shards, s => ((IHandOverShard)s).Close(_study.Probes));
        }

        _isClosed = true;
        var (probes, labels) = _study.NextProbes(_block);
        var rows = HandOver(probes, queues);
        for (var b = 0; b < blocks; b++)
        {
            var preActivations = Join(rows);
            var (nextProbes, nextLabels) = _study.NextProbes(_block);
            rows = HandOver(nextProbes, queues);
            var updates = stepper.Step(probes, labels, preActivations, areBehind: b > 0).Updates;
            Array.ForEach(queues, q => q.Add(shard => shard.Perturb(updates)));
            (probes, labels) = (nextProbes, nextLabels);
        }
    }

    private static float[] Join(Task<float[]>[] rows) => rows.Select(r => r.Result).Aggregate((all, some) => [.. all, .. some]);

    // The probes of a block come shard by shard here, so that its rows need no sorting.
    private Task<float[]>[] HandOver(int[] probes, BlockingCollection<Action<IProbeShard>>[] queues) =>
    [
        .. queues.Select((queue, s) =>
        {
            var (first, end) = (_study.ProbeCount * s / queues.Length, _study.ProbeCount * (s + 1) / queues.Length);
            var own = probes.Where(p => p >= first && p < end).Select(p => p - first).ToArray();
            var answer = new TaskCompletionSource<float[]>();
            queue.Add(shard => answer.SetResult(((IHandOverShard)shard).PreActivations(own)));
            return answer.Task;
        }),
    ];

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
