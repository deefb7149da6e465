using System.Numerics.Tensors;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Probing.Vectorised;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>
/// Carries the pre-activations Z (n x h) of its probes and a copy of the weights to the outputs. A step changes Z by the rank-one matrix
/// -(X x + 1) u^T; a block's B changes are made, and read, in one pass over Z. The first layer's weights are needed at <see cref="Load"/> only.
/// </summary>
internal sealed unsafe class RankOneShard : IHandOverShard
{
    // 256 MiB: beyond it the products of a block are computed each time.
    private const long LargestOverlapTable = 1L << 26;

    private readonly NetworkSpec _network;
    private readonly IReadOnlyList<Stage> _stages;
    private readonly LossFunction _loss;
    private readonly int _probes;
    private readonly int _tiles;
    private readonly int _hidden;
    private readonly RankOneKernel _kernel;
    private readonly TileProduct _product;
    private readonly BlockPacking _packing;
    private readonly AlignedBuffer<float> _features;
    private readonly AlignedBuffer<float> _preActivations;
    private readonly AlignedBuffer<double> _outputWeights;
    private readonly AlignedBuffer<float> _scratch = new(RankOneKernel.ScratchLength);
    private readonly double[] _outputs;
    private AlignedBuffer<float> _overlaps = new(0);
    private AlignedBuffer<float>? _probeOverlaps;
    private int _allProbes;
    private AlignedBuffer<double> _sums = new(0);
    private bool _isLoaded;

    /// <summary>Creates a shard without weights.</summary>
    /// <param name="network">One hidden layer.</param>
    /// <param name="loss">Its loss and prediction.</param>
    /// <param name="features">n x d, row-major.</param>
    /// <param name="count">n.</param>
    /// <param name="width">The vectors to use.</param>
    public RankOneShard(NetworkSpec network, LossFunction loss, ReadOnlySpan<double> features, int count, VectorWidth width)
    {
        _network = network;
        _stages = Stage.Of(network);
        _loss = loss;
        _probes = count;
        _tiles = ProbeTile.Count(count);
        _hidden = network.Hidden[0];
        _kernel = VectorKernels.ForActivation<RankOneKernel>(network.Activation, width);
        _product = VectorKernels.Product(width);
        _packing = new BlockPacking(network.Outputs, width);
        _features = ProbeTile.Arrange(features, count);
        _preActivations = new((long)_tiles * _hidden * ProbeTile.Probes);
        _outputWeights = new((long)network.Outputs * _hidden);
        _outputs = new double[loss.MeasuresProbability ? count : 0];
    }

    private int Inputs => _network.Inputs;

    public void Close(ReadOnlySpan<double> features)
    {
        _allProbes = features.Length / Inputs;
        _probeOverlaps?.Dispose();
        _probeOverlaps = null;
        if ((long)_tiles * _allProbes * ProbeTile.Probes > LargestOverlapTable)
            return;
        _probeOverlaps = new((long)_tiles * _allProbes * ProbeTile.Probes);
        var rows = new float[features.Length];
        Staging.Narrow(features, rows);
        Overlap(rows, _allProbes, _probeOverlaps);
    }

    public void Load(NetworkWeights weights)
    {
        var first = weights["layer1.weight"].Values;
        var bias = _network.Bias ? weights["layer1.bias"].Values : null;
        weights["layer2.weight"].Values.CopyTo(_outputWeights.Slice(0, _network.Outputs * _hidden));
        using var rows = new AlignedBuffer<float>((long)RankOneKernel.ChunkUnits * Inputs);
        for (var unit = 0; unit < _hidden; unit += RankOneKernel.ChunkUnits)
        {
            var units = Math.Min(RankOneKernel.ChunkUnits, _hidden - unit);
            Staging.Narrow(first.AsSpan(unit * Inputs, units * Inputs), rows.Slice(0, units * Inputs));
            for (var tile = 0; tile < _tiles; tile++)
            {
                var z = PreActivations(tile, unit);
                for (var i = 0; i < units; i++)
                    new Span<float>(z + (i * ProbeTile.Probes), ProbeTile.Probes).Fill((float)(bias?[unit + i] ?? 0));
                _product.Add(Tile(tile), new TileRows(rows.Pointer, units, Inputs, Inputs), z);
            }
        }

        if (_outputs.Length > 0)
            LoadOutputs(_network.Bias ? weights["layer2.bias"].Values[0] : 0);
        _isLoaded = true;
    }

    public PerturbationBlock Perturb(UpdateBlock updates)
    {
        // The kernels read these arrays by pointers: every length has been checked by then.
        StepArrays.Of(updates, _stages);
        var block = (LowRankUpdateBlock)updates;
        var (hidden, output) = (block.Layers[0], block.Layers[1]);
        if (block.Probes is { } probes && (probes.Length != block.Steps || probes.Any(p => p < 0 || p >= _allProbes)))
            throw new ArgumentException($"There are {_allProbes} probes, numbered from 0, and one of them for each of {block.Steps} steps.", nameof(updates));
        RequireWeights();
        Reserve(block.Steps);
        if (block.Probes is not null && _probeOverlaps is not null)
            LookUp(block.Probes);
        else
            Overlap(hidden.Inputs, block.Steps, _overlaps);
        _sums.Slice(0, checked((int)_sums.Length)).Clear();
        _packing.Begin(output.Deltas);
        for (var unit = 0; unit < _hidden; unit += RankOneKernel.ChunkUnits)
        {
            var units = Math.Min(RankOneKernel.ChunkUnits, _hidden - unit);
            var steps = _packing.Pack(
                unit, units, hidden.Deltas, output.Inputs, _outputWeights.Pointer, _hidden, block.Applied, _kernel.SkipsInactiveUnits);
            for (var tile = 0; tile < _tiles; tile++)
            {
                var next = tile + 1 < _tiles ? PreActivations(tile + 1, unit) : PreActivations(0, unit + units < _hidden ? unit + units : 0);
                _kernel.Run(
                    steps, _overlaps.Pointer + ((long)tile * block.Steps * ProbeTile.Probes), PreActivations(tile, unit), units, _scratch.Pointer,
                    _sums.Pointer + ((long)tile * block.Steps * _network.Outputs * ProbeTile.Probes), next);
            }
        }

        return Rows(block, output.Deltas);
    }

    public float[] PreActivations(ReadOnlySpan<int> probes)
    {
        foreach (var probe in probes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(probe, nameof(probes));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(probe, _probes, nameof(probes));
        }

        RequireWeights();
        var rows = GC.AllocateUninitializedArray<float>(checked(probes.Length * _hidden));
        // Some units at a time: of these the tile stays in the cache while the rows are written, each along its own.
        for (var unit = 0; unit < _hidden; unit += RankOneKernel.ChunkUnits)
        {
            var units = Math.Min(RankOneKernel.ChunkUnits, _hidden - unit);
            for (var row = 0; row < probes.Length; row++)
            {
                var z = PreActivations(probes[row] / ProbeTile.Probes, unit) + (probes[row] % ProbeTile.Probes);
                var part = rows.AsSpan((row * _hidden) + unit, units);
                for (var i = 0; i < part.Length; i++)
                    part[i] = z[i * ProbeTile.Probes];
            }
        }

        return rows;
    }

    public CarriedState Capture()
    {
        RequireWeights();
        return StateCapture.Of(Transfer);
    }

    public void Restore(CarriedState state)
    {
        _isLoaded = false;
        StateRestoration.From(state, Transfer);
        _isLoaded = true;
    }

    public void Dispose()
    {
        _packing.Dispose();
        _features.Dispose();
        _preActivations.Dispose();
        _outputWeights.Dispose();
        _scratch.Dispose();
        _overlaps.Dispose();
        _probeOverlaps?.Dispose();
        _sums.Dispose();
    }

    private void RequireWeights()
    {
        if (!_isLoaded)
            throw new InvalidOperationException("Load comes before anything else.");
    }

    private void Transfer(StateTransfer state)
    {
        state.Owner("rank-one-shard", _probes, _allProbes, Inputs, _hidden, _network.Outputs);
        state.Values("pre-activations", _preActivations);
        state.Values("output-weights", _outputWeights);
        state.Values("outputs", _outputs.AsSpan());
    }

    private float* Tile(int tile) => _features.Pointer + ((long)tile * Inputs * ProbeTile.Probes);

    private float* PreActivations(int tile, int unit) =>
        _preActivations.Pointer + ((((long)tile * _hidden) + unit) * ProbeTile.Probes);

    private void Reserve(int steps)
    {
        var overlaps = (long)_tiles * steps * ProbeTile.Probes;
        if (_overlaps.Length == overlaps)
            return;
        _overlaps.Dispose();
        _sums.Dispose();
        _overlaps = new(overlaps);
        _sums = new(overlaps * _network.Outputs);
    }

    private void Overlap(float[] samples, int count, AlignedBuffer<float> overlaps)
    {
        overlaps.Slice(0, checked((int)overlaps.Length)).Fill(_network.Bias ? 1 : 0);
        fixed (float* rows = samples)
        {
            for (var tile = 0; tile < _tiles; tile++)
                _product.Add(Tile(tile), new TileRows(rows, count, Inputs, Inputs), overlaps.Pointer + ((long)tile * count * ProbeTile.Probes));
        }
    }

    private void LookUp(int[] probes)
    {
        for (var tile = 0; tile < _tiles; tile++)
        {
            for (var b = 0; b < probes.Length; b++)
            {
                _probeOverlaps!.Slice((((long)tile * _allProbes) + probes[b]) * ProbeTile.Probes, ProbeTile.Probes)
                    .CopyTo(_overlaps.Slice((((long)tile * probes.Length) + b) * ProbeTile.Probes, ProbeTile.Probes));
            }
        }
    }

    // The outputs in float64, from the pre-activations as they were rounded: what a change of probability starts from.
    private void LoadOutputs(double bias)
    {
        for (var j = 0; j < _probes; j++)
        {
            var z = PreActivations(j / ProbeTile.Probes, 0) + (j % ProbeTile.Probes);
            var output = bias;
            for (var i = 0; i < _hidden; i++)
                output += _outputWeights.Pointer[i] * ScalarActivations.Value(_network.Activation, z[(long)i * ProbeTile.Probes]);
            _outputs[j] = output;
        }
    }

    private PerturbationBlock Rows(LowRankUpdateBlock block, float[] gammas)
    {
        if (_network.Outputs == 1 && !_loss.MeasuresProbability)
            return OneOutput(block, gammas);
        var rows = new PerturbationRowWriter(_loss, _network.Outputs, block, _probes);
        var change = new double[_network.Outputs];
        for (var b = 0; b < block.Steps; b++)
        {
            for (var j = 0; j < _probes; j++)
            {
                var sums = Sums(j / ProbeTile.Probes, b, block.Steps) + (j % ProbeTile.Probes);
                for (var k = 0; k < change.Length; k++)
                    change[k] = sums[k * ProbeTile.Probes] - (_network.Bias ? gammas[(b * change.Length) + k] : 0);
                rows.Write(b, j, change, _outputs.Length > 0 ? _outputs[j] : 0);
                if (block.Applied && _outputs.Length > 0)
                    _outputs[j] += change[0];
            }
        }

        return rows.ToBlock();
    }

    // Whole tiles at a time: for a narrow network the rows would otherwise cost a fifth of the step.
    private PerturbationBlock OneOutput(LowRankUpdateBlock block, float[] gammas)
    {
        var change = new double[block.Steps * _probes];
        for (var b = 0; b < block.Steps; b++)
        {
            var row = change.AsSpan(b * _probes, _probes);
            for (var tile = 0; tile < _tiles; tile++)
            {
                var part = row[(tile * ProbeTile.Probes)..Math.Min(_probes, (tile + 1) * ProbeTile.Probes)];
                TensorPrimitives.Subtract(new ReadOnlySpan<double>(Sums(tile, b, block.Steps), part.Length), _network.Bias ? gammas[b] : 0, part);
            }
        }

        return new PerturbationBlock(block.Steps, _probes, change, Magnitude: null);
    }

    private double* Sums(int tile, int step, int steps) =>
        _sums.Pointer + ((((long)tile * steps) + step) * _network.Outputs * ProbeTile.Probes);
}
