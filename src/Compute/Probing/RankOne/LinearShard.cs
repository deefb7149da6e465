using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Probing.Vectorised;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>
/// A linear model in closed form: a step changes output k at x' by -gamma_k (x' . x + 1), whatever the weights are. They are needed only where the
/// probability is measured, for the logit that it starts from.
/// </summary>
internal sealed unsafe class LinearShard : IProbeShard
{
    private readonly NetworkSpec _network;
    private readonly IReadOnlyList<Stage> _stages;
    private readonly LossFunction _loss;
    private readonly int _probes;
    private readonly int _tiles;
    private readonly TileProduct _product;
    private readonly AlignedBuffer<float> _features;
    private readonly double[] _exactFeatures;
    private readonly double[] _outputs;
    private AlignedBuffer<float> _overlaps = new(0);
    private bool _isLoaded;

    /// <summary>Creates a shard without weights.</summary>
    public LinearShard(NetworkSpec network, LossFunction loss, ReadOnlySpan<double> features, int count, VectorWidth width)
    {
        _network = network;
        _stages = Stage.Of(network);
        _loss = loss;
        _probes = count;
        _tiles = ProbeTile.Count(count);
        _product = VectorKernels.Product(width);
        _features = ProbeTile.Arrange(features, count);
        _outputs = new double[loss.MeasuresProbability ? count : 0];
        _exactFeatures = loss.MeasuresProbability ? features.ToArray() : [];
    }

    public void Load(NetworkWeights weights)
    {
        var weight = weights["layer1.weight"].Values;
        for (var j = 0; j < _outputs.Length; j++)
        {
            _outputs[j] = _network.Bias ? weights["layer1.bias"].Values[0] : 0;
            for (var i = 0; i < weight.Length; i++)
                _outputs[j] += weight[i] * _exactFeatures[(j * weight.Length) + i];
        }

        _isLoaded = true;
    }

    public PerturbationBlock Perturb(UpdateBlock updates)
    {
        StepArrays.Of(updates, _stages);
        var block = (LowRankUpdateBlock)updates;
        var layer = block.Layers[0];
        if (!_isLoaded)
            throw new InvalidOperationException("Load comes before Perturb.");

        Overlap(layer.Inputs, block.Steps);
        var rows = new PerturbationRowWriter(_loss, _network.Outputs, block, _probes);
        var change = new double[_network.Outputs];
        for (var b = 0; b < block.Steps; b++)
        {
            for (var j = 0; j < _probes; j++)
            {
                double overlap = _overlaps.Pointer[((((long)(j / ProbeTile.Probes) * block.Steps) + b) * ProbeTile.Probes) + (j % ProbeTile.Probes)];
                for (var k = 0; k < change.Length; k++)
                    change[k] = -layer.Deltas[(b * change.Length) + k] * overlap;
                rows.Write(b, j, change, _outputs.Length > 0 ? _outputs[j] : 0);
                if (block.Applied && _outputs.Length > 0)
                    _outputs[j] += change[0];
            }
        }

        return rows.ToBlock();
    }

    public CarriedState Capture() =>
        _isLoaded ? StateCapture.Of(Transfer) : throw new InvalidOperationException("Load comes before Capture.");

    public void Restore(CarriedState state)
    {
        _isLoaded = false;
        StateRestoration.From(state, Transfer);
        _isLoaded = true;
    }

    public void Dispose()
    {
        _features.Dispose();
        _overlaps.Dispose();
    }

    private void Transfer(StateTransfer state)
    {
        state.Owner("linear-shard", _probes, _network.Inputs, _network.Outputs);
        state.Values("outputs", _outputs.AsSpan());
    }

    private void Overlap(float[] samples, int steps)
    {
        if (_overlaps.Length != (long)_tiles * steps * ProbeTile.Probes)
        {
            _overlaps.Dispose();
            _overlaps = new((long)_tiles * steps * ProbeTile.Probes);
        }

        new Span<float>(_overlaps.Pointer, checked((int)_overlaps.Length)).Fill(_network.Bias ? 1 : 0);
        fixed (float* rows = samples)
        {
            for (var tile = 0; tile < _tiles; tile++)
            {
                _product.Add(
                    _features.Pointer + ((long)tile * _network.Inputs * ProbeTile.Probes), new TileRows(rows, steps, _network.Inputs, _network.Inputs),
                    _overlaps.Pointer + ((long)tile * steps * ProbeTile.Probes));
            }
        }
    }
}
