using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Probing.Vectorised;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Delta-forward on the CPU: takes its probes, in tiles of 64, through all steps of a block, one tile after the other, and a step through all layers. No
/// torch operation is in the loop. The derivation is in docs/probing.md.
/// </summary>
internal sealed unsafe class TiledDeltaForwardShard : IProbeShard
{
    // The most steps between two writes of the weights: their corrections cost B^2 h.
    private const int MaxStepsAtOnce = 64;

    // Where so many steps of a wide network are more float32 values than this, fewer are taken; the stages hold each value up to four times.
    private const long MaxStepValues = 1 << 23;

    // How many probes get their pre-activations from the weights at a time: products in float64 have the same bits in every column then, see ADR 7.
    private const int ProbesLoaded = 3 * ProbeTile.Probes;

    // As many images are convolved at a time as have so many float64 values in the widest layer, but one at least.
    private const long ValuesConvolved = 1 << 18;

    private readonly IReadOnlyList<Stage> _network;
    private readonly LossFunction _loss;
    private readonly int _probes;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly AlignedBuffer<float> _features;
    private readonly TileStage[] _stages;
    private readonly TileFlow[] _flows;
    private readonly double[] _predictions;
    private readonly double[] _change;
    private readonly int _stepsAtOnce;
    private readonly int _convolutions;
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
        _change = new double[network.Outputs];
        _convolutions = _network.Count(s => s.Layer is ConvolutionLayer);
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
        for (var first = 0; first < _probes; first += ProbesLoaded)
        {
            using var some = NewDisposeScope();
            var count = Math.Min(ProbesLoaded, _probes - first);
            var a = _convolutions > 0 ? Convolve(first, count, parameters) : Features(first, count, ProbesLoaded);
            for (var l = _convolutions; l < _stages.Length; l++)
            {
                using var layer = NewDisposeScope();
                var z = _network[l].Layer.Forward(a, parameters[l].Weight, parameters[l].Bias);
                Keep(l, first, count, z);
                if (_network[l].After is { } after)
                    a = after.Value(z, a).MoveToOuterDisposeScope();
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
        Array.ForEach(_stages, s => s.Dispose());
        Array.ForEach(_flows, f => f.Dispose());
    }

    // Pooling, convolutions and skip connections need the values themselves; a fully connected layer only their products with the trained sample's.
    private bool KeepsValues(int l) =>
        _network[l].After is { } after
        && (after.Pools || after.Skips || _network[l + 1].Layer is ConvolutionLayer || _network[l + 1].After is { Skips: true });

    private void Transfer(StateTransfer state)
    {
        state.Owner("tiled-delta-forward-shard", [_probes, _inputs, .. _network.SelectMany(s => s.Layer.WeightShape)]);
        for (var l = 0; l < _stages.Length; l++)
            _stages[l].Transfer(state, $"layer-{l + 1}");
        state.Values("outputs", _predictions.AsSpan());
    }

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
        for (var probe = tile * ProbeTile.Probes; probe < Math.Min(_probes, (tile + 1) * ProbeTile.Probes); probe++)
        {
            for (var k = 0; k < _change.Length; k++)
                _change[k] = changes[(k * ProbeTile.Probes) + (probe % ProbeTile.Probes)];
            rows.Write(step, probe, _change, _predictions.Length > 0 ? _predictions[probe] : 0);
            if (applied && _predictions.Length > 0)
                _predictions[probe] += _change[0];
        }
    }

    // What the convolutions and their pooling make of some probes, a few images at a time: the inputs of the first fully connected layer, zeros beyond.
    private Tensor Convolve(int first, int count, IReadOnlyList<LayerParameters> parameters)
    {
        var inputs = zeros([ProbesLoaded, _network[_convolutions - 1].OutputSize], dtype: ScalarType.Float64);
        var batch = (int)Math.Clamp(ValuesConvolved / _network.Take(_convolutions).Max(s => s.Layer.OutputSize), 1, count);
        for (var done = 0; done < count; done += batch)
        {
            using var images = NewDisposeScope();
            var some = Math.Min(batch, count - done);
            var a = Features(first + done, some, some);
            for (var l = 0; l < _convolutions; l++)
            {
                var z = _network[l].Layer.Forward(a, parameters[l].Weight, parameters[l].Bias);
                _stages[l].Keep(first + done, some, Staging.View<double>(z.contiguous()), unitStride: 1, probeStride: checked((int)_stages[l].Units));
                a = _network[l].After!.Value(z, a);
            }

            inputs.narrow(0, done, some).copy_(a.flatten(1));
        }

        return inputs;
    }

    // The features of some probes, filled up with rows of zeros; the probes are the columns in memory.
    private Tensor Features(int first, int count, int filled)
    {
        var columns = zeros([_inputs, filled], dtype: ScalarType.Float64);
        var values = Staging.View<double>(columns);
        for (var i = 0; i < _inputs; i++)
        {
            for (var j = 0; j < count; j++)
            {
                var (tile, lane) = Math.DivRem(first + j, ProbeTile.Probes);
                values[(i * filled) + j] = _features.Pointer[((((long)tile * _inputs) + i) * ProbeTile.Probes) + lane];
            }
        }

        return columns.t();
    }

    // z of some probes in a fully connected layer, whose columns in memory they are.
    private void Keep(int l, int first, int count, Tensor z)
    {
        var values = Staging.View<double>(z.t().contiguous());
        if (_network[l].After is not null)
            _stages[l].Keep(first, count, values, unitStride: ProbesLoaded, probeStride: 1);
        else if (_predictions.Length > 0)
            values[..count].CopyTo(_predictions.AsSpan(first));
    }
}
