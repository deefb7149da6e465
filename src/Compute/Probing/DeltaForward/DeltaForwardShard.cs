using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Carries the pre-activations Z_l (n x h_l) of its probes in every layer and a copy of the upper layers' weights. A step changes
/// Z_1 by the rank-one matrix -(X x + 1) u_1^T and Z_l by dA_{l-1} W_l^T - (A+_{l-1} a_{l-1} + 1) u_l^T, where dA is the difference
/// of the activations and A+ = A + dA; the last layer's change is the perturbation. The first layer's weights are never needed.
/// </summary>
internal sealed class DeltaForwardShard : IProbeShard
{
    private readonly NetworkSpec _network;
    private readonly LossFunction _loss;
    private readonly Device _device;
    private readonly int _probes;
    private readonly Tensor _features;
    private readonly Tensor[] _upperWeights;
    private readonly Tensor[] _preActivations;

    public DeltaForwardShard(NetworkSpec network, LossFunction loss, Device device, ReadOnlySpan<double> features, int count)
    {
        _network = network;
        _loss = loss;
        _device = device;
        _probes = count;
        _features = Staging.ToTensor(features, count, ScalarType.Float32, device).DetachFromDisposeScope();
        _upperWeights = new Tensor[network.Hidden.Count];
        _preActivations = new Tensor[network.Hidden.Count + 1];
    }

    public void Load(NetworkWeights weights)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        DisposeCarried();
        var inputs = _features.to_type(ScalarType.Float64);
        for (var l = 0; l < _preActivations.Length; l++)
        {
            var weight = ToTensor(weights[$"layer{l + 1}.weight"]);
            var z = inputs.mm(weight.t());
            if (_network.Bias)
                z.plus_(ToTensor(weights[$"layer{l + 1}.bias"]).squeeze(1));
            _preActivations[l] = z.to_type(ScalarType.Float32).DetachFromDisposeScope();
            if (l > 0)
                _upperWeights[l - 1] = weight.to_type(ScalarType.Float32).DetachFromDisposeScope();
            if (l < _upperWeights.Length)
                inputs = ActivationFunctions.Value(_network.Activation, z);
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

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var deltas = block.Layers.Select(l => Staging.ToTensor(l.Deltas, block.Steps, _device)).ToArray();
        var inputs = block.Layers.Select(l => Staging.ToTensor(l.Inputs, block.Steps, _device)).ToArray();
        // The overlaps of all probes with all samples of the block, X x + 1, in one product.
        var overlaps = inputs[0].mm(_features.t());
        if (_network.Bias)
            overlaps.plus_(1);

        var rows = new PerturbationRowWriter(_loss, _network.Outputs, block, _probes);
        for (var b = 0; b < block.Steps; b++)
        {
            using var step = NewDisposeScope();
            var outputs = _preActivations[^1];
            var change = PropagateHidden(b, overlaps[b], deltas, inputs, block.Applied);
            rows.Write(b, outputs, change);
            if (block.Applied)
                outputs.plus_(change);
        }

        return rows.ToBlock();
    }

    public void Dispose()
    {
        _features.Dispose();
        DisposeCarried();
    }

    // One step through the hidden layers, which move if it was applied; returns the change of the outputs, n x K.
    private Tensor PropagateHidden(int b, Tensor overlap, Tensor[] deltas, Tensor[] inputs, bool apply)
    {
        var change = outer(overlap, deltas[0][b]).neg_();
        for (var l = 0; l < _upperWeights.Length; l++)
        {
            var difference = ActivationFunctions.Difference(_network.Activation, _preActivations[l], change);
            var moved = apply ? _preActivations[l].plus_(change) : _preActivations[l].plus(change);
            var next = ActivationFunctions.Value(_network.Activation, moved).mv(inputs[l + 1][b]);
            if (_network.Bias)
                next.plus_(1);
            change = difference.mm(_upperWeights[l].t()).addr_(next, deltas[l + 1][b], beta: 1, alpha: -1);
            if (apply)
                _upperWeights[l].addr_(deltas[l + 1][b], inputs[l + 1][b], beta: 1, alpha: -1);
        }

        return change;
    }

    private Tensor ToTensor(ParameterArray parameter) =>
        Staging.ToTensor(parameter.Values, (int)parameter.Shape[0], ScalarType.Float64, _device);

    private void DisposeCarried()
    {
        foreach (var tensor in _preActivations.Concat(_upperWeights))
            tensor?.Dispose();
    }
}
