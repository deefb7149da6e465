using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Carries the pre-activations Z_l (n x h_l) of its probes in every layer and a copy of the upper layers' weights, and takes all
/// steps of a block through one layer after the other: the first layer's changes are -(X x + 1) u_1^T, an upper layer's are one product
/// of all steps with the weights before the block and a correction of rank B. The last layer's changes are the perturbations. Torch
/// operations alone, whose number does not depend on the number of steps; docs/probing.md has the derivation. The first layer's
/// weights are never needed.
/// </summary>
internal sealed class TorchDeltaForwardShard : IProbeShard
{
    private readonly NetworkSpec _network;
    private readonly LossFunction _loss;
    private readonly Device _device;
    private readonly int _probes;
    private readonly ProbeChunks _chunks;
    private readonly Tensor _features;
    private readonly Tensor[] _upperWeights;
    private readonly Tensor[] _preActivations;

    public TorchDeltaForwardShard(NetworkSpec network, LossFunction loss, Device device, ReadOnlySpan<double> features, int count)
    {
        _network = network;
        _loss = loss;
        _device = device;
        _probes = count;
        _chunks = ProbeChunks.For(network, device);
        var filled = (count + _chunks.Probes - 1) / _chunks.Probes * _chunks.Probes;
        var padded = new double[filled * network.Inputs];
        features.CopyTo(padded);
        _features = Staging.ToTensor(padded, filled, ScalarType.Float32, device).DetachFromDisposeScope();
        _upperWeights = new Tensor[network.Hidden.Count];
        _preActivations = new Tensor[network.Hidden.Count + 1];
    }

    public void Load(NetworkWeights weights)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        DisposeCarried();
        var exact = Enumerable.Range(1, _preActivations.Length).Select(l => ToTensor(weights[$"layer{l}.weight"])).ToArray();
        var biases = _network.Bias
            ? Enumerable.Range(1, _preActivations.Length).Select(l => ToTensor(weights[$"layer{l}.bias"]).squeeze(1)).ToArray()
            : [];
        for (var l = 0; l < _preActivations.Length; l++)
        {
            _preActivations[l] = empty([_features.shape[0], exact[l].shape[0]], dtype: ScalarType.Float32, device: _device)
                .DetachFromDisposeScope();
            if (l > 0)
                _upperWeights[l - 1] = ProbeChunks.Fill(exact[l].to_type(ScalarType.Float32)).DetachFromDisposeScope();
        }

        for (var first = 0L; first < _features.shape[0]; first += ProbeChunks.Loaded)
        {
            using var chunk = NewDisposeScope();
            var count = Math.Min(ProbeChunks.Loaded, _features.shape[0] - first);
            var inputs = zeros([ProbeChunks.Loaded, _network.Inputs], dtype: ScalarType.Float64, device: _device);
            inputs.narrow(0, 0, count).copy_(_features.narrow(0, first, count));
            for (var l = 0; l < _preActivations.Length; l++)
            {
                // The probes as columns: their bits must not depend on their place, see ProbeChunks.
                var z = exact[l].mm(inputs.t()).t();
                if (_network.Bias)
                    z.plus_(biases[l]);
                _preActivations[l].narrow(0, first, count).copy_(z.narrow(0, 0, count));
                if (l < _upperWeights.Length)
                    inputs = ActivationFunctions.Value(_network.Activation, z);
            }
        }
    }

    public PerturbationBlock Perturb(UpdateBlock updates)
    {
        if (updates is not LowRankUpdateBlock block || block.Layers.Count != _preActivations.Length)
        {
            throw new ArgumentException(
                $"This shard follows the low-rank updates of a network of {_preActivations.Length} layers, not {updates}.", nameof(updates));
        }

        if (_preActivations[^1] is null)
            throw new InvalidOperationException("Load comes before Perturb.");

        using var noGrad = no_grad();
        var rows = new PerturbationRowWriter(_loss, _network.Outputs, block, _probes);
        for (var start = 0; start < block.Steps; start += ProbeChunks.Steps)
        {
            using var scope = NewDisposeScope();
            Perturb(new StepWindow(block, start, Math.Min(ProbeChunks.Steps, block.Steps - start), _device), start, rows);
        }

        return rows.ToBlock();
    }

    public void Dispose()
    {
        _features.Dispose();
        DisposeCarried();
    }

    private void Perturb(StepWindow window, int start, PerturbationRowWriter rows)
    {
        var before = new List<Tensor>();
        var changes = new List<Tensor>();
        for (var first = 0L; first < _features.shape[0]; first += _chunks.Probes)
        {
            using var scope = NewDisposeScope();
            var overlaps = Chunk(_features, first).mm(window.Inputs[0].t()).t().narrow(0, 0, window.Steps).contiguous();
            if (_network.Bias)
                overlaps.plus_(1);
            Tensor? change = null;
            for (var l = 0; l < _upperWeights.Length; l++)
                change = PropagateThrough(l, first, window, overlaps, change);
            change ??= FirstChange(window, overlaps, 0, _network.Outputs);
            before.Add(scope.MoveToOuter(Follow(window, Chunk(_preActivations[^1], first), change)));
            changes.Add(scope.MoveToOuter(change));
        }

        for (var l = 0; window.Applied && l < _upperWeights.Length; l++)
            _upperWeights[l].addmm_(window.Deltas[l + 1].t(), window.Inputs[l + 1], beta: 1, alpha: -1);
        rows.Write(start, window.Steps, cat(before, 1).narrow(1, 0, _probes), cat(changes, 1).narrow(1, 0, _probes));
    }

    // From the changes of layer l's pre-activations, B x p x h_l (the first layer's come from the overlaps), to those of the next layer.
    private Tensor PropagateThrough(int l, long first, StepWindow window, Tensor overlaps, Tensor? change)
    {
        var (deltas, inputs) = (window.Deltas[l + 1], window.Inputs[l + 1]);
        var rows = (long)window.Steps * _chunks.Probes;
        var own = zeros([window.Steps, _chunks.Probes], dtype: ScalarType.Float32, device: _device);
        Tensor? next = null;
        Tensor? products = null;
        for (var unit = 0L; unit < inputs.shape[1]; unit += _chunks.Units)
        {
            using var scope = NewDisposeScope();
            var units = Math.Min(_chunks.Units, inputs.shape[1] - unit);
            var dz = change is null ? FirstChange(window, overlaps, unit, units) : change.narrow(2, unit, units).contiguous();
            var z = Chunk(_preActivations[l], first).narrow(1, unit, units);
            var (before, after) = Around(window, z, dz);
            var difference = ActivationFunctions.Difference(_network.Activation, before, dz).view(rows, units);
            var a = inputs.narrow(1, unit, units);
            var arrived = ActivationFunctions.Value(_network.Activation, after);
            own.plus_(arrived.mul(a.narrow(0, 0, window.Steps).unsqueeze(1)).sum(dim: -1));
            next = Accumulated(scope, next, difference, _upperWeights[l].narrow(1, unit, units));
            if (window is { Applied: true, Steps: > 1 })
                products = Accumulated(scope, products, difference, a);
        }

        if (_network.Bias)
            own.plus_(1);
        var coefficients = window.Coefficients(products?.view(window.Steps, _chunks.Probes, window.Columns), own);
        return next!.addmm_(coefficients.view(rows, window.Columns), deltas, beta: 1, alpha: -1)
            .narrow(1, 0, _preActivations[l + 1].shape[1]).contiguous()
            .view(window.Steps, _chunks.Probes, _preActivations[l + 1].shape[1]);
    }

    // -(X x + 1) u_1^T for some units of the first layer, B x p x w.
    private static Tensor FirstChange(StepWindow window, Tensor overlaps, long unit, long units) =>
        overlaps.unsqueeze(2).mul(window.Deltas[0].narrow(0, 0, window.Steps).narrow(1, unit, units).neg().unsqueeze(1));

    // The pre-activations before and after each step, B x p x w each.
    private static (Tensor Before, Tensor After) Around(StepWindow window, Tensor z, Tensor dz)
    {
        if (!window.Applied)
        {
            var present = z.unsqueeze(0).expand(dz.shape);
            return (present, present.plus(dz));
        }

        var all = window.Accumulate(z, dz);
        z.copy_(all[window.Steps]);
        return (all.narrow(0, 0, window.Steps), all.narrow(0, 1, window.Steps));
    }

    private static Tensor Follow(StepWindow window, Tensor z, Tensor change) => Around(window, z, change).Before;

    // sum + rows matrix^T, in place once there is a sum.
    private static Tensor Accumulated(DisposeScope scope, Tensor? sum, Tensor rows, Tensor matrix)
    {
        if (sum is null)
            return scope.MoveToOuter(rows.mm(matrix.t()));
        sum.addmm_(rows, matrix.t(), beta: 1, alpha: 1);
        return sum;
    }

    private Tensor Chunk(Tensor rows, long first) => rows.narrow(0, first, _chunks.Probes);

    private Tensor ToTensor(ParameterArray parameter) =>
        Staging.ToTensor(parameter.Values, (int)parameter.Shape[0], ScalarType.Float64, _device);

    private void DisposeCarried()
    {
        foreach (var tensor in _preActivations.Concat(_upperWeights))
            tensor?.Dispose();
    }
}
