using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Probing.Vectorised;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Delta-forward on the CPU: takes its probes, in tiles of 64, through all steps of a block, one tile after the other, and a step through all layers. No
/// torch operation is in the loop. The derivation is in docs/probing.md.
/// </summary>
internal sealed unsafe class TiledDeltaForwardShard : IProbeShard
{
    // The most steps between two writes of the weights: their corrections cost B^2 h.
    private const int MaxStepsAtOnce = 64;

    // What the steps between two writes may take: 32 MiB.
    private const long MaxStepValues = 1 << 23;

    // How many tiles get their pre-activations from the weights at a time: products in float64 have the same bits in every column then, see ADR 7.
    private const int TilesLoaded = 3;

    private readonly IReadOnlyList<Stage> _network;
    private readonly LossFunction _loss;
    private readonly int _probes;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly AlignedBuffer<float> _features;
    private readonly TileStage[] _stages;
    private readonly TileFlow[] _flows;
    private readonly double[] _predictions;
    private readonly int _stepsAtOnce;
    private bool _isLoaded;

    /// <summary>Creates a shard without weights.</summary>
    /// <param name="network">Any network but one of the user's own.</param>
    /// <param name="loss">Its loss and prediction.</param>
    /// <param name="features">n x d, row-major.</param>
    /// <param name="count">n.</param>
    /// <param name="width">The vectors to use.</param>
    public TiledDeltaForwardShard(NetworkSpec network, LossFunction loss, ReadOnlySpan<double> features, int count, VectorWidth width)
    {
        _network = Stage.Of(network);
        _loss = loss;
        _probes = count;
        _inputs = network.Inputs;
        _outputs = network.Outputs;
        _features = ProbeTile.Arrange(features, count);
        _predictions = new double[loss.MeasuresProbability ? count : 0];
        _stepsAtOnce = (int)Math.Clamp(MaxStepValues / _network.Sum(s => (long)s.Layer.StepLengths.First + s.Layer.StepLengths.Second), 1, MaxStepsAtOnce);
        var kernels = TileKernels.For(network.Activation, width);
        _stages = new TileStage[_network.Count];
        _flows = new TileFlow[_network.Count];
        for (var l = 0; l < _network.Count; l++)
        {
            var keepsValues = KeepsValues(l);
            _stages[l] = _network[l].Layer is ConvolutionLayer
                ? new ConvolutionTileStage(_network[l], Tiles, kernels, _stepsAtOnce, l == 0)
                : new FullyConnectedTileStage(_network[l], Tiles, kernels, _stepsAtOnce, l == 0, keepsValues);
            _flows[l] = new TileFlow(_network[l].OutputSize, keepsValues);
        }
    }

    private int Tiles => ProbeTile.Count(_probes);

    public void Load(NetworkWeights weights)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var parameters = LayerParameters.Of(weights, _network, CPU);
        for (var l = 0; l < _stages.Length; l++)
            _stages[l].Load(parameters[l].Weight);
        for (var tile = 0; tile < Tiles; tile += TilesLoaded)
        {
            using var some = NewDisposeScope();
            var a = Features(tile);
            for (var l = 0; l < _stages.Length; l++)
            {
                var z = _network[l].Layer.Forward(a, parameters[l].Weight, parameters[l].Bias);
                Keep(tile, l, z.reshape(TilesLoaded * ProbeTile.Probes, -1).t().contiguous());
                a = _network[l].After?.Value(z, a)!;
            }
        }

        _isLoaded = true;
    }

    public PerturbationBlock Perturb(UpdateBlock updates)
    {
        var arrays = StepArrays.Of(updates, _network);
        if (!_isLoaded)
            throw new InvalidOperationException("Load comes before Perturb.");
        var rows = new PerturbationRowWriter(_loss, _outputs, updates, _probes);
        for (var start = 0; start < updates.Steps; start += _stepsAtOnce)
        {
            var steps = Math.Min(_stepsAtOnce, updates.Steps - start);
            for (var l = 0; l < _stages.Length; l++)
                _stages[l].Prepare(Some(l), l + 1 < _stages.Length ? Some(l + 1) : null, updates.Applied);
            for (var tile = 0; tile < Tiles; tile++)
                Perturb(tile, start, steps, updates.Applied, rows);
            if (updates.Applied)
                Array.ForEach(_stages, s => s.Follow());

            StepRows Some(int l) => new(arrays[l], updates.Steps, start, steps);
        }

        return rows.ToBlock();
    }

    public void Dispose()
    {
        _features.Dispose();
        Array.ForEach(_stages, s => s.Dispose());
        Array.ForEach(_flows, f => f.Dispose());
    }

    // Pooling, convolutions and skip connections need the values themselves; a fully connected layer only their products with the trained sample's.
    private bool KeepsValues(int l) =>
        _network[l].After is { } after
        && (after.Pools || after.Skips || _network[l + 1].Layer is ConvolutionLayer || _network[l + 1].After is { Skips: true });

    private void Perturb(int tile, int start, int steps, bool applied, PerturbationRowWriter rows)
    {
        foreach (var stage in _stages)
            stage.Begin(tile, _features.Pointer + ((long)tile * _inputs * ProbeTile.Probes));
        for (var b = 0; b < steps; b++)
        {
            for (var l = 0; l < _stages.Length; l++)
                _stages[l].Run(b, l > 0 ? _flows[l - 1] : null, _flows[l]);
            Write(tile, start + b, applied, rows);
        }
    }

    private void Write(int tile, int step, bool applied, PerturbationRowWriter rows)
    {
        var changes = _flows[^1].Differences;
        Span<double> change = stackalloc double[_outputs];
        for (var probe = tile * ProbeTile.Probes; probe < Math.Min(_probes, (tile + 1) * ProbeTile.Probes); probe++)
        {
            for (var k = 0; k < change.Length; k++)
                change[k] = changes[(k * ProbeTile.Probes) + (probe % ProbeTile.Probes)];
            rows.Write(step, probe, change, _predictions.Length > 0 ? _predictions[probe] : 0);
            if (applied && _predictions.Length > 0)
                _predictions[probe] += change[0];
        }
    }

    // The probes of some tiles, zeros beyond the last.
    private Tensor Features(int tile)
    {
        var columns = zeros([_inputs, TilesLoaded * ProbeTile.Probes], dtype: ScalarType.Float64);
        var values = Staging.View<double>(columns);
        for (var t = 0; t < Math.Min(TilesLoaded, Tiles - tile); t++)
        {
            for (var i = 0; i < _inputs; i++)
            {
                var row = _features.Slice((((long)(tile + t) * _inputs) + i) * ProbeTile.Probes, ProbeTile.Probes);
                TensorPrimitives.ConvertTruncating<float, double>(row, values.Slice(((i * TilesLoaded) + t) * ProbeTile.Probes, ProbeTile.Probes));
            }
        }

        return columns.t();
    }

    private void Keep(int tile, int l, Tensor columns)
    {
        var values = Staging.View<double>(columns);
        if (_network[l].After is null)
        {
            var count = Math.Min(TilesLoaded * ProbeTile.Probes, _predictions.Length - (tile * ProbeTile.Probes));
            if (count > 0)
                values[..count].CopyTo(_predictions.AsSpan(tile * ProbeTile.Probes));
            return;
        }

        for (var t = 0; t < Math.Min(TilesLoaded, Tiles - tile); t++)
            _stages[l].Keep(tile + t, values[(t * ProbeTile.Probes)..], TilesLoaded * ProbeTile.Probes);
    }
}
