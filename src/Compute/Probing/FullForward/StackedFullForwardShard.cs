using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Full forward passes of a network whose layers are known, at the weights before a block and after each of its steps at once: the versions of every
/// parameter are stacked, and a layer is a batch of products or a grouped convolution. The number of torch calls does not depend on the number of
/// steps, on any device. Both predictions of a difference come out of the same calls, so that what a step leaves alone moves by 0 and not by rounding.
/// </summary>
internal sealed class StackedFullForwardShard : IProbeShard
{
    // The most float64 values, 64 MiB, of what grows with the number of versions: of the stacked weights, and of the widest layer's pre-activations
    // at some probes, beside which its activations are as many again. The present version comes on top.
    private const long MaxValues = 1 << 23;

    // More than these share the cost of a torch call no better.
    private const int MaxStepsAtOnce = 64;

    // What torch's vectorised loops over float64 values take at a time at the widest vectors.
    private const int ProbesTogether = 32;

    private readonly IReadOnlyList<Stage> _stages;
    private readonly int _outputs;
    private readonly LossFunction _loss;
    private readonly Device _device;
    private readonly int _probes;
    private readonly int _rows;
    private readonly int _stepsAtOnce;
    private readonly int _chunk;
    private readonly Tensor _features;
    private NetworkWeights? _present;

    /// <summary>Creates a shard without weights.</summary>
    /// <param name="stages">The network.</param>
    /// <param name="outputs">K.</param>
    /// <param name="loss">Its loss and prediction.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="features">n x d, row-major.</param>
    /// <param name="count">n.</param>
    /// <param name="stepsAtOnce">The most steps at once; a longer block is several of these.</param>
    /// <param name="chunkValues">The most values of one layer at once, but at least 32 probes at all versions.</param>
    public StackedFullForwardShard(
        IReadOnlyList<Stage> stages, int outputs, LossFunction loss, Device device, ReadOnlySpan<double> features, int count, int stepsAtOnce,
        long chunkValues = MaxValues)
    {
        _stages = stages;
        _outputs = outputs;
        _loss = loss;
        _device = device;
        _probes = count;
        _stepsAtOnce = stepsAtOnce;
        // Filled up with rows of zeros: so the values of every version at some probes begin at an aligned address, and no loop over them ends in
        // scalar instructions, whose bits are others (docs/adr/0011).
        var inputs = features.Length / count;
        _rows = checked(count + ProbesTogether - 1) / ProbesTogether * ProbesTogether;
        var filled = new double[_rows * inputs];
        features.CopyTo(filled);
        _features = Staging.ToTensor(filled, _rows, ScalarType.Float64, device).DetachFromDisposeScope();
        // For the most versions, not those of the block at hand: a shorter block has the same chunks, and so as many calls and the same bits.
        var probesAtOnce = chunkValues / (Widest(stages, inputs) * (stepsAtOnce + 1L)) / ProbesTogether * ProbesTogether;
        _chunk = (int)Math.Clamp(probesAtOnce, ProbesTogether, _rows);
    }

    /// <summary>The most steps that fit into 64 MiB, between 1 and 64.</summary>
    /// <param name="stages">The network.</param>
    /// <param name="inputs">d.</param>
    /// <param name="parameters">How many parameters it has.</param>
    public static int MaxSteps(IReadOnlyList<Stage> stages, int inputs, long parameters) =>
        (int)Math.Clamp(MaxValues / Math.Max(parameters, ProbesTogether * Widest(stages, inputs)), 1, MaxStepsAtOnce);

    public void Load(NetworkWeights weights)
    {
        StackedParameters.Require(weights, _stages);
        _present = weights;
    }

    public PerturbationBlock Perturb(UpdateBlock updates)
    {
        if (updates is not SnapshotUpdateBlock block)
            throw new ArgumentException($"This shard follows weight snapshots, not {updates}.", nameof(updates));
        var present = _present ?? throw new InvalidOperationException("Load comes before Perturb.");
        foreach (var weights in block.After)
            StackedParameters.Require(weights, _stages);

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var rows = new PerturbationRowWriter(_loss, _outputs, block, _probes);
        for (var start = 0; start < block.Steps; start += _stepsAtOnce)
        {
            using var window = NewDisposeScope();
            var steps = Math.Min(_stepsAtOnce, block.Steps - start);
            var outputs = Predict([present, .. block.After.Skip(start).Take(steps)]);
            var after = outputs.narrow(0, 1, steps);
            var before = block.Applied ? outputs.narrow(0, 0, steps) : outputs.narrow(0, 0, 1).expand_as(after);
            rows.Write(start, steps, before, after.sub(before));
            if (block.Applied)
                present = block.After[start + steps - 1];
        }

        _present = present;
        return rows.ToBlock();
    }

    public CarriedState Capture()
    {
        var present = _present ?? throw new InvalidOperationException("Load comes before Capture.");
        return StateCapture.Of(state => Transfer(state, present));
    }

    public void Restore(CarriedState state)
    {
        var weights = new NetworkWeights(
        [
            .. StackedParameters.Shapes(_stages).Select(
                p => new ParameterArray(p.Name, p.Shape, new double[p.Shape.Aggregate(1L, (product, length) => product * length)])),
        ]);
        StateRestoration.From(state, s => Transfer(s, weights));
        _present = weights;
    }

    public void Dispose() => _features.Dispose();

    private static long Widest(IReadOnlyList<Stage> stages, int inputs) => Math.Max(inputs, stages.Max(s => s.Layer.OutputSize));

    private void Transfer(StateTransfer state, NetworkWeights weights)
    {
        state.Owner("stacked-full-forward-shard", [_probes, .. weights.Parameters.SelectMany(p => p.Shape)]);
        foreach (var (index, parameter) in weights.Parameters.Index())
            state.Values($"parameter-{index + 1}", parameter.Values.AsSpan());
    }

    // V x n x K.
    private Tensor Predict(IReadOnlyList<NetworkWeights> versions)
    {
        var parameters = StackedParameters.Of(versions, _stages, _device);
        var outputs = new List<Tensor>();
        for (var first = 0; first < _rows; first += _chunk)
        {
            using var chunk = NewDisposeScope();
            var a = _features.narrow(0, first, Math.Min(_chunk, _rows - first)).unsqueeze(1).expand(-1, versions.Count, -1);
            for (var l = 0; l < _stages.Count; l++)
            {
                var z = _stages[l].Layer.Forward(a, parameters[l]);
                a = _stages[l].After is { } after ? after.Value(z, a) : z;
            }

            outputs.Add(a.MoveToOuterDisposeScope());
        }

        return cat(outputs, 0).narrow(0, 0, _probes).transpose(0, 1);
    }
}
