using System.Runtime.InteropServices;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>What is done to a stepper and the shard that follows it.</summary>
internal enum CarriedAct
{
    /// <summary>Applied steps.</summary>
    Step,

    /// <summary>Applied steps, of which the last has no finite loss; the shard is loaded before what comes next.</summary>
    Fail,

    /// <summary>Virtual steps, as those of a sweep are.</summary>
    Sweep,

    /// <summary>A step of mini-batch SGD, after which the shard is loaded.</summary>
    MiniBatch,

    Rebase,

    /// <summary>The model is read.</summary>
    Show,

    Diagonal,

    /// <summary>From now on steps are taken at probes; again, if they are already.</summary>
    Close,
}

/// <summary>A stepper and the shard that follows it, and every bit that came out of them.</summary>
internal sealed class CarriedRun : IDisposable
{
    private readonly CarriedCase _setting;
    private readonly List<(string What, byte[] Bits)> _trail = [];
    private bool _isClosed;
    private bool _isLost;
    private int _next;
    private float[]? _behind;

    private CarriedRun(CarriedCase setting, bool isClosed)
    {
        _setting = setting;
        Stepper = setting.Stepper();
        Shard = setting.Shard();
        if (isClosed)
            Close();
    }

    public IStepper Stepper { get; }

    public IProbeShard Shard { get; }

    /// <summary>A run before its first step.</summary>
    public static CarriedRun Begin(CarriedCase setting)
    {
        var run = new CarriedRun(setting, isClosed: false);
        run.Shard.Load(NetworkWeights.From(run.Stepper.Model));
        return run;
    }

    /// <summary>Another one of new objects, closed if these are, and without weights of a shard.</summary>
    public CarriedRun Fresh() => new(_setting, _isClosed) { _isLost = _isLost, _next = _next, _behind = _behind };

    /// <summary>Another one of new objects, which goes on from here.</summary>
    public CarriedRun Fork()
    {
        var fork = Fresh();
        fork.Restore(Stepper.Capture(), Shard.Capture());
        return fork;
    }

    /// <summary>Puts states into the objects that there are.</summary>
    public void Restore(CarriedState stepper, CarriedState shard)
    {
        Stepper.Restore(stepper);
        Shard.Restore(shard);
    }

    /// <summary>Does one thing.</summary>
    /// <param name="act">What.</param>
    /// <param name="steps">How many steps or samples, where it is about some.</param>
    /// <param name="nextSteps">How many applied steps come next; 0 where something else does.</param>
    public void Do(CarriedAct act, int steps, int nextSteps)
    {
        if (_isLost)
            Shard.Load(NetworkWeights.From(Stepper.Model));
        _isLost = false;
        switch (act)
        {
            case CarriedAct.Step:
                Take(steps, nextSteps);
                break;
            case CarriedAct.Fail when _setting.Loss != Loss.CrossEntropy:
                Assert.Throws<NonFiniteLossException>(() => Take(steps, 0, fails: true));
                _isLost = true;
                break;
            case CarriedAct.Sweep:
                Sweep(steps);
                break;
            case CarriedAct.MiniBatch:
                var probes = Next(steps);
                Keep("mini-batch loss", [Stepper.TrainMiniBatch(_setting.FeaturesOf(probes), Array.ConvertAll(probes, _setting.Label), 0.005)]);
                Shard.Load(NetworkWeights.From(Stepper.Model));
                break;
            case CarriedAct.Rebase:
                var weights = Stepper.Rebase();
                Keep("rebased", weights);
                Shard.Load(weights);
                break;
            case CarriedAct.Show:
                Keep("model", NetworkWeights.From(Stepper.Model));
                break;
            case CarriedAct.Diagonal:
                Keep("diagonal", [Stepper.KernelDiagonal(_setting.FeaturesOf([_next]), _setting.Label(_next))]);
                break;
            case CarriedAct.Close when _setting.Closes:
                Close();
                break;
        }
    }

    /// <summary>Requires that all that came out of another one, or of both, ends as it does here.</summary>
    public void AssertAlike(CarriedRun other, string how)
    {
        var count = Math.Min(_trail.Count, other._trail.Count);
        Assert.True(count > 0, "Something is compared.");
        foreach (var (expected, actual) in _trail.TakeLast(count).Zip(other._trail.TakeLast(count)))
        {
            Assert.Equal(expected.What, actual.What);
            Assert.True(expected.Bits.AsSpan().SequenceEqual(actual.Bits), $"{_setting}: {expected.What} of the one that was {how} is another.");
        }
    }

    public void Dispose()
    {
        Stepper.Dispose();
        Shard.Dispose();
    }

    private void Close()
    {
        ((IClosedStepper)Stepper).Close(_setting.Features);
        ((IHandOverShard)Shard).Close(_setting.Features);
        _isClosed = true;
        _behind = null;
    }

    private void Take(int steps, int nextSteps, bool fails = false)
    {
        var probes = Next(steps);
        var labels = Array.ConvertAll(probes, _setting.Label);
        if (fails)
            labels[^1] = double.PositiveInfinity;
        SteppedBlock stepped;
        if (_isClosed)
        {
            var behind = _behind;
            var rows = behind ?? ((IHandOverShard)Shard).PreActivations(probes);
            _behind = null;
            Keep("handed over", rows);
            stepped = ((IClosedStepper)Stepper).Step(probes, labels, rows, behind is not null);
            // Those of the next block are read before the shard has followed this one.
            if (_setting.IsBehind && nextSteps > 0)
                _behind = ((IHandOverShard)Shard).PreActivations(Next(nextSteps, moves: false));
        }
        else
        {
            stepped = Stepper.Step(_setting.FeaturesOf(probes), labels, apply: true);
        }

        Follow(stepped);
    }

    private void Sweep(int steps)
    {
        var probes = Next(steps);
        var (features, labels) = (_setting.FeaturesOf(probes), Array.ConvertAll(probes, _setting.Label));
        Follow(Stepper.Step(features, labels, apply: false));
        if (_isClosed)
            Follow(((IClosedStepper)Stepper).StepVirtually(features, labels, ((IHandOverShard)Shard).PreActivations(probes)));
    }

    private void Follow(SteppedBlock stepped)
    {
        Keep("results", stepped.Results.SelectMany(r => new[] { r.Loss, r.Prediction, r.Gradient, r.Correct ? 1 : 0, r.SelfChange }).ToArray());
        Keep("directions", stepped.Updates.Directions);
        switch (stepped.Updates)
        {
            case LowRankUpdateBlock block:
                Keep(block.Layers);
                break;
            case ConvolutionalUpdateBlock block:
                foreach (var kernel in block.Kernels)
                    Keep("kernels", kernel.Kernels, kernel.Biases);
                Keep(block.Layers);
                break;
            case SnapshotUpdateBlock block:
                foreach (var weights in block.After)
                    Keep("snapshot", weights);
                break;
        }

        var rows = Shard.Perturb(stepped.Updates);
        Keep("rows", rows.Change, rows.Magnitude ?? []);
    }

    private int[] Next(int count, bool moves = true)
    {
        int[] probes = [.. Enumerable.Range(_next, count).Select(i => i * 13 % CarriedCase.Probes)];
        if (moves)
            _next = (_next + count) % CarriedCase.Probes;
        return probes;
    }

    private void Keep(IReadOnlyList<LayerUpdate> layers)
    {
        foreach (var layer in layers)
            Keep("updates", layer.Deltas, layer.Inputs);
    }

    private void Keep(string what, NetworkWeights weights) => Keep(what, [.. weights.Parameters.Select(p => p.Values)]);

    private void Keep<T>(string what, params T[][] arrays)
        where T : unmanaged
    {
        foreach (var array in arrays)
            _trail.Add((what, MemoryMarshal.AsBytes(array.AsSpan()).ToArray()));
    }
}
