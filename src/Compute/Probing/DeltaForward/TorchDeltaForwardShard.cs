using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Delta-forward on any device: carries the pre-activations of its probes in every layer, and the weights of all layers but the first, whose change is
/// the features times the step alone. Takes all steps of a block through one layer after the other, some probes at a time; the changes that leave the
/// last layer are the perturbations. The number of torch calls does not depend on the number of steps (docs/probing.md).
/// </summary>
internal sealed class TorchDeltaForwardShard : IProbeShard
{
    // The most steps at once, but fewer where the widest layer has more than 2^18 units; a longer block is several of these.
    private const int MaxStepsAtOnce = 64;

    // Values of the widest layer over these steps and some probes: 64 MiB for each of the handful of tensors of this size that live at once.
    private const long ChunkValues = 1 << 24;

    private readonly IReadOnlyList<Stage> _stages;
    private readonly int _outputs;
    private readonly LossFunction _loss;
    private readonly Device _device;
    private readonly int _probes;
    private readonly int _stepsAtOnce;
    private readonly int _chunk;
    private readonly Tensor _features;
    private readonly Tensor?[] _weights;
    private readonly Tensor?[] _preActivations;

    public TorchDeltaForwardShard(
        NetworkSpec network, LossFunction loss, Device device, ReadOnlySpan<double> features, int count, long chunkValues = ChunkValues)
    {
        _stages = Stage.Of(network);
        _outputs = network.Outputs;
        _loss = loss;
        _device = device;
        _probes = count;
        var widest = _stages.Max(s => s.Layer.OutputSize);
        _stepsAtOnce = (int)Math.Clamp(chunkValues / widest, 1, MaxStepsAtOnce);
        _chunk = (int)Math.Clamp(chunkValues / (_stepsAtOnce * widest), 1, Math.Max(1, count));
        _features = Staging.ToTensor(features, count, ScalarType.Float32, device).DetachFromDisposeScope();
        _weights = new Tensor?[_stages.Count];
        _preActivations = new Tensor?[_stages.Count];
    }

    public void Load(NetworkWeights weights)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        DisposeCarried();
        var parameters = LayerParameters.Of(weights, _stages, _device);
        for (var l = 0; l < _stages.Count; l++)
        {
            if (l > 0)
                _weights[l] = parameters[l].Weight.to_type(ScalarType.Float32).DetachFromDisposeScope();
            _preActivations[l] = Reserve([_probes, .. _stages[l].Layer.OutputShape]);
        }

        for (var start = 0; start < _probes; start += _chunk)
        {
            using var chunk = NewDisposeScope();
            var a = Chunk(_features, start).to_type(ScalarType.Float64);
            for (var l = 0; l < _stages.Count; l++)
            {
                var z = _stages[l].Layer.Forward(a, parameters[l].Weight, parameters[l].Bias);
                Chunk(_preActivations[l]!, start).copy_(z);
                if (_stages[l].After is { } after)
                    a = after.Value(z, a);
            }
        }
    }

    public PerturbationBlock Perturb(UpdateBlock updates)
    {
        var arrays = StepArrays.Of(updates, _stages);
        var outputs = _preActivations[^1] ?? throw new InvalidOperationException("Load comes before Perturb.");

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var rows = new PerturbationRowWriter(_loss, _outputs, updates, _probes);
        for (var start = 0; start < updates.Steps; start += _stepsAtOnce)
        {
            using var window = NewDisposeScope();
            var order = new StepOrder(Math.Min(_stepsAtOnce, updates.Steps - start), updates.Applied, ScalarType.Float32, _device);
            var steps = arrays.Select(layer => layer.ToSteps(start, updates.Steps, order, _device)).ToArray();
            var changes = new List<Tensor>();
            for (var first = 0; first < _probes; first += _chunk)
                changes.Add(Propagate(first, steps, updates.Applied));
            Follow(outputs, cat(changes, 0), steps, start, updates.Applied, rows);
        }

        return rows.ToBlock();
    }

    public CarriedState Capture() =>
        _preActivations[^1] is null ? throw new InvalidOperationException("Load comes before Capture.") : StateCapture.Of(Transfer);

    public void Restore(CarriedState state)
    {
        DisposeCarried();
        try
        {
            StateRestoration.From(state, Transfer);
        }
        catch
        {
            DisposeCarried();
            throw;
        }
    }

    public void Dispose()
    {
        _features.Dispose();
        DisposeCarried();
    }

    private void Transfer(StateTransfer state)
    {
        state.Owner("torch-delta-forward-shard", [_probes, .. _stages.SelectMany(s => s.Layer.WeightShape)]);
        for (var l = 0; l < _stages.Count; l++)
        {
            state.Values($"layer-{l + 1}-pre-activations", _preActivations[l] ??= Reserve([_probes, .. _stages[l].Layer.OutputShape]));
            if (l > 0)
                state.Values($"layer-{l + 1}-weights", _weights[l] ??= Reserve(_stages[l].Layer.WeightShape));
        }
    }

    // The steps through the hidden layers of some probes, whose pre-activations move if they were applied; returns the changes of their outputs, p x B x K.
    private Tensor Propagate(int start, LayerSteps[] steps, bool apply)
    {
        using var scope = NewDisposeScope();
        var value = Chunk(_features, start);
        Tensor? change = null;
        var moves = new List<(Tensor PreActivations, Tensor Change)>();
        for (var l = 0; ; l++)
        {
            var zChange = _stages[l].Layer.Change(value, change, _weights[l], steps[l]);
            if (_stages[l].After is not { } after)
            {
                change = zChange;
                break;
            }

            var z = Chunk(_preActivations[l]!, start);
            moves.Add((z, zChange));
            (value, change) = after.Move(steps[l].Order.Before(z, zChange).flatten(0, 1), zChange.flatten(0, 1), value, change);
        }

        if (apply)
        {
            // Not before every layer has been through: with the identity as activation a layer's inputs are these very numbers.
            foreach (var (z, zChange) in moves)
                z.plus_(zChange.sum(dim: 1));
        }

        return change.MoveToOuterDisposeScope();
    }

    // Rows, outputs and weights; change is n x B x K.
    private void Follow(Tensor outputs, Tensor change, LayerSteps[] steps, int start, bool apply, PerturbationRowWriter rows)
    {
        var order = steps[^1].Order;
        rows.Write(start, order.Steps, order.Before(outputs, change).transpose(0, 1), change.transpose(0, 1));
        if (!apply)
            return;
        outputs.plus_(change.sum(dim: 1));
        for (var l = 1; l < _stages.Count; l++)
            _stages[l].Layer.Apply(_weights[l]!, null, steps[l]);
    }

    private Tensor Chunk(Tensor tensor, int start) => tensor.narrow(0, start, Math.Min(_chunk, _probes - start));

    private void DisposeCarried()
    {
        foreach (var tensor in _preActivations.Concat(_weights))
            tensor?.Dispose();
        Array.Clear(_preActivations);
        Array.Clear(_weights);
    }

    private Tensor Reserve(long[] shape) => zeros(shape, ScalarType.Float32, _device).DetachFromDisposeScope();
}
