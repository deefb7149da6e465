using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing.Vectorised;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Delta-forward on the CPU: carries the pre-activations of its probes in every hidden layer, in tiles of 64, and a copy of the upper layers' weights,
/// and takes a tile through all steps of a block, a step through all layers. A layer's changes become those of the next in one product, which leaves
/// out the units of the first layer that are inactive at the trained sample; the steps since the weights were written are further columns of it.
/// The derivation is in docs/probing.md.
/// </summary>
internal sealed unsafe class TiledDeltaForwardShard : IProbeShard
{
    // The most steps between two writes of the weights: their corrections cost B^2 h.
    private const int StepsAtOnce = 64;

    // How many tiles get their pre-activations from the weights at a time: the probes are columns of products in float64, see ADR 7.
    private const int TilesLoaded = 3;

    private readonly NetworkSpec _network;
    private readonly LossFunction _loss;
    private readonly int _probes;
    private readonly int _tiles;
    private readonly int[] _widths;
    private readonly DifferenceKernel _kernel;
    private readonly AlignedBuffer<float> _features;
    private readonly AlignedBuffer<float>[] _preActivations;
    private Tensor[] _upperWeights = [];
    private readonly TilePropagation _propagation;
    private readonly double[] _outputs;
    private bool _isLoaded;

    /// <summary>Creates a shard without weights.</summary>
    /// <param name="network">Fully connected.</param>
    /// <param name="loss">Its loss and prediction.</param>
    /// <param name="features">n x d, row-major.</param>
    /// <param name="count">n.</param>
    /// <param name="width">The vectors to use.</param>
    public TiledDeltaForwardShard(NetworkSpec network, LossFunction loss, ReadOnlySpan<double> features, int count, VectorWidth width)
    {
        _network = network;
        _loss = loss;
        _probes = count;
        _tiles = ProbeTile.Count(count);
        _widths = [network.Inputs, .. network.Hidden, network.Outputs];
        _kernel = VectorKernels.ForActivation<DifferenceKernel>(network.Activation, width);
        _features = ProbeTile.Arrange(features, count);
        _preActivations = [.. network.Hidden.Select(h => new AlignedBuffer<float>((long)_tiles * h * ProbeTile.Probes))];
        _outputs = new double[loss.MeasuresProbability ? count : 0];
        _propagation = new TilePropagation(network, StepsAtOnce, _kernel, VectorKernels.Product(width));
    }

    private int Layers => _widths.Length - 1;

    public void Load(NetworkWeights weights)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var exact = Enumerable.Range(1, Layers).Select(l => ToTensor(weights[$"layer{l}.weight"])).ToArray();
        var biases = _network.Bias ? Enumerable.Range(1, Layers).Select(l => ToTensor(weights[$"layer{l}.bias"])).ToArray() : [];
        Array.ForEach(_upperWeights, w => w.Dispose());
        _upperWeights = [.. exact.Skip(1).Select(w => w.to_type(ScalarType.Float32).DetachFromDisposeScope())];

        for (var tile = 0; tile < _tiles; tile += TilesLoaded)
        {
            using var some = NewDisposeScope();
            var a = Features(tile);
            for (var l = 0; l < Layers; l++)
            {
                var z = exact[l].mm(a);
                if (_network.Bias)
                    z.plus_(biases[l]);
                if (l == Layers - 1)
                    KeepOutputs(tile, z);
                else
                    Keep(tile, _preActivations[l], z);
                a = ActivationFunctions.Value(_network.Activation, z);
            }
        }

        _isLoaded = true;
    }

    public PerturbationBlock Perturb(UpdateBlock updates)
    {
        if (updates is not LowRankUpdateBlock block || !Fits(block))
            throw new ArgumentException($"This shard follows the low-rank updates of a network {_network}, not {updates}.", nameof(updates));
        if (!_isLoaded)
            throw new InvalidOperationException("Load comes before Perturb.");
        var rows = new PerturbationRowWriter(_loss, _network.Outputs, block, _probes);
        for (var start = 0; start < block.Steps; start += StepsAtOnce)
        {
            using var steps = new TileSteps(block, start, Math.Min(StepsAtOnce, block.Steps - start), _kernel.SkipsInactiveUnits);
            for (var tile = 0; tile < _tiles; tile++)
                Perturb(tile, steps, start, rows);
            if (steps.Applied)
                Follow(block, start, steps.Steps);
        }

        return rows.ToBlock();
    }

    public void Dispose()
    {
        _features.Dispose();
        Array.ForEach(_preActivations, b => b.Dispose());
        _propagation.Dispose();
        Array.ForEach(_upperWeights, w => w.Dispose());
    }

    private bool Fits(LowRankUpdateBlock block) =>
        block.Layers.Count == Layers
        && block.Layers.Select((layer, l) => (long)layer.Deltas.Length == (long)block.Steps * _widths[l + 1]
            && (long)layer.Inputs.Length == (long)block.Steps * _widths[l]).All(fits => fits);

    private void Perturb(int tile, TileSteps steps, int start, PerturbationRowWriter rows)
    {
        _propagation.Begin(steps, _features.Pointer + ((long)tile * _network.Inputs * ProbeTile.Probes), _preActivations, tile);
        for (var b = 0; b < steps.Steps; b++)
            Write(tile, _propagation.Step(b, _upperWeights), start + b, steps.Applied, rows);
    }

    private void Write(int tile, float* changes, int step, bool applied, PerturbationRowWriter rows)
    {
        Span<double> change = stackalloc double[_network.Outputs];
        for (var probe = tile * ProbeTile.Probes; probe < Math.Min(_probes, (tile + 1) * ProbeTile.Probes); probe++)
        {
            for (var k = 0; k < change.Length; k++)
                change[k] = changes[(k * ProbeTile.Probes) + (probe % ProbeTile.Probes)];
            rows.Write(step, probe, change, _outputs.Length > 0 ? _outputs[probe] : 0);
            if (applied && _outputs.Length > 0)
                _outputs[probe] += change[0];
        }
    }

    // The steps of a window in the upper weights: one product a layer.
    private void Follow(LowRankUpdateBlock block, int start, int steps)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        for (var l = 1; l < Layers; l++)
        {
            var u = Staging.ToTensor(block.Layers[l].Deltas.AsSpan(start * _widths[l + 1], steps * _widths[l + 1]), steps, CPU);
            var a = Staging.ToTensor(block.Layers[l].Inputs.AsSpan(start * _widths[l], steps * _widths[l]), steps, CPU);
            _upperWeights[l - 1].addmm_(u.t(), a, beta: 1, alpha: -1);
        }
    }

    // d x (64 tiles), zeros beyond the last tile.
    private Tensor Features(int tile)
    {
        var columns = zeros([_network.Inputs, TilesLoaded * ProbeTile.Probes], dtype: ScalarType.Float64);
        var values = Staging.View<double>(columns);
        for (var t = 0; t < Math.Min(TilesLoaded, _tiles - tile); t++)
        {
            for (var i = 0; i < _network.Inputs; i++)
            {
                var row = _features.Slice((((long)(tile + t) * _network.Inputs) + i) * ProbeTile.Probes, ProbeTile.Probes);
                TensorPrimitives.ConvertTruncating<float, double>(row, values.Slice(((i * TilesLoaded) + t) * ProbeTile.Probes, ProbeTile.Probes));
            }
        }

        return columns;
    }

    // Rounds h x (64 tiles) into the tiles.
    private void Keep(int tile, AlignedBuffer<float> tiles, Tensor z)
    {
        var values = Staging.View<double>(z);
        var units = (int)z.shape[0];
        for (var t = 0; t < Math.Min(TilesLoaded, _tiles - tile); t++)
        {
            for (var i = 0; i < units; i++)
            {
                var row = tiles.Slice((((long)(tile + t) * units) + i) * ProbeTile.Probes, ProbeTile.Probes);
                Staging.Narrow(values.Slice(((i * TilesLoaded) + t) * ProbeTile.Probes, ProbeTile.Probes), row);
            }
        }
    }

    private void KeepOutputs(int tile, Tensor outputs)
    {
        if (_outputs.Length == 0)
            return;
        var first = tile * ProbeTile.Probes;
        var count = Math.Min(TilesLoaded * ProbeTile.Probes, _probes - first);
        Staging.View<double>(outputs)[..count].CopyTo(_outputs.AsSpan(first));
    }

    private static Tensor ToTensor(ParameterArray parameter) =>
        Staging.ToTensor(parameter.Values, (int)parameter.Shape[0], ScalarType.Float64, CPU);
}
