using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Carries the pre-activations of its probes in every layer, and the weights of all layers but the first, whose change is the features
/// times the step alone. The probes go through the layers in chunks, so that what a step needs for a moment stays small and in the
/// caches; the change that leaves the last layer is the perturbation.
/// </summary>
internal sealed class LayeredDeltaForwardShard : IProbeShard
{
    // Of the widest layer: 1 MiB of float32 for each of the handful of tensors of its size that live at once.
    private const long ChunkValues = 1 << 18;

    private readonly IReadOnlyList<Stage> _stages;
    private readonly int _outputs;
    private readonly LossFunction _loss;
    private readonly Device _device;
    private readonly int _probes;
    private readonly int _chunk;
    private readonly Tensor _features;
    private readonly Tensor?[] _weights;
    private readonly Tensor?[] _preActivations;

    public LayeredDeltaForwardShard(
        IReadOnlyList<Stage> stages, int outputs, LossFunction loss, Device device, ReadOnlySpan<double> features, int count,
        long chunkValues = ChunkValues)
    {
        _stages = stages;
        _outputs = outputs;
        _loss = loss;
        _device = device;
        _probes = count;
        _chunk = (int)Math.Clamp(chunkValues / stages.Max(s => s.Layer.OutputSize), 1, Math.Max(1, count));
        _features = Staging.ToTensor(features, count, ScalarType.Float32, device).DetachFromDisposeScope();
        _weights = new Tensor?[stages.Count];
        _preActivations = new Tensor?[stages.Count];
    }

    public void Load(NetworkWeights weights)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        DisposeCarried();
        var parameters = _stages.Select((stage, l) => Parameters(weights, l, stage.Layer.HasBias)).ToArray();
        for (var l = 0; l < _stages.Count; l++)
        {
            if (l > 0)
                _weights[l] = parameters[l].Weight.to_type(ScalarType.Float32).DetachFromDisposeScope();
            _preActivations[l] = zeros([_probes, .. _stages[l].Layer.OutputShape], ScalarType.Float32, _device).DetachFromDisposeScope();
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
        var steps = arrays.Select(layer => layer.ToTensors(updates.Steps, _device)).ToArray();
        var rows = new PerturbationRowWriter(_loss, _outputs, updates, _probes);
        for (var b = 0; b < updates.Steps; b++)
        {
            using var step = NewDisposeScope();
            var taken = steps.Select((layer, l) => _stages[l].Layer.ReadStep(layer.First[b], layer.Second[b])).ToArray();
            var changes = new List<Tensor>();
            for (var start = 0; start < _probes; start += _chunk)
                changes.Add(Propagate(start, taken, updates.Applied));
            var change = cat(changes, 0);
            rows.Write(b, 1, outputs, change);
            if (!updates.Applied)
                continue;
            outputs.plus_(change);
            for (var l = 1; l < _stages.Count; l++)
                _stages[l].Layer.Apply(_weights[l]!, null, taken[l]);
        }

        return rows.ToBlock();
    }

    public void Dispose()
    {
        _features.Dispose();
        DisposeCarried();
    }

    // One step through the hidden layers of some probes, whose pre-activations move if it was applied; returns the change of their outputs.
    private Tensor Propagate(int start, WeightStep[] taken, bool apply)
    {
        using var scope = NewDisposeScope();
        var value = Chunk(_features, start);
        Tensor? change = null;
        var moves = new List<(Tensor PreActivations, Tensor Change)>();
        for (var l = 0; ; l++)
        {
            var z = Chunk(_preActivations[l]!, start);
            var zChange = _stages[l].Layer.Change(value, change, _weights[l], taken[l]);
            if (_stages[l].After is not { } after)
            {
                change = zChange;
                break;
            }

            moves.Add((z, zChange));
            (value, change) = after.Move(z, zChange, value, change);
        }

        if (apply)
        {
            // Not before every layer has been through: with the identity as activation a layer's inputs are these very numbers.
            foreach (var (z, zChange) in moves)
                z.plus_(zChange);
        }

        return change.MoveToOuterDisposeScope();
    }

    private (Tensor Weight, Tensor? Bias) Parameters(NetworkWeights weights, int layer, bool hasBias)
    {
        var name = LayeredNetwork.ParameterName(layer);
        return (ToTensor(weights[$"{name}.weight"]), hasBias ? ToTensor(weights[$"{name}.bias"]) : null);
    }

    private Tensor ToTensor(ParameterArray parameter) =>
        Staging.ToTensor(parameter.Values, (int)parameter.Shape[0], ScalarType.Float64, _device).reshape(parameter.Shape);

    private Tensor Chunk(Tensor tensor, int start) => tensor.narrow(0, start, Math.Min(_chunk, _probes - start));

    private void DisposeCarried()
    {
        foreach (var tensor in _preActivations.Concat(_weights))
            tensor?.Dispose();
    }
}
