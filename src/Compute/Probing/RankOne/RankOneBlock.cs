using System.Numerics;
using ElasticityStream.Compute.Models;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>
/// The trainer's state of the block under way: B samples, their pre-activations, and the updates that their steps make. Its memory is used again by
/// later blocks, because fresh pages for it would cost as much as the products.
/// </summary>
/// <typeparam name="T">The precision of the first layer.</typeparam>
internal sealed class RankOneBlock<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Of so many units the first layer's weights stay in the second-level cache from their update to the next product.
    private const int UnitsInCache = 512;

    private readonly int _inputs;
    private readonly int _hidden;
    private readonly int _outputs;
    private BlockRows<T> _rows;
    private BlockRows<T> _previous;
    private int _unapplied;
    private int _taken;
    private double[] _overlaps = [];
    private float[] _gammas = [];
    private double[] _directions = [];

    public RankOneBlock(int inputs, int hidden, int outputs)
    {
        (_inputs, _hidden, _outputs) = (inputs, hidden, outputs);
        _rows = new BlockRows<T>(0, inputs, hidden);
        _previous = new BlockRows<T>(0, inputs, hidden);
    }

    /// <summary>
    /// Starts a block: the pre-activations of all samples at the weights before it, and the products of the samples with each other. What the block
    /// before left to be done to the first layer is done on the way, some units at a time, so that its weights cross the memory once a block.
    /// </summary>
    /// <param name="features">B x d, row-major.</param>
    /// <param name="firstWeights">h x d.</param>
    /// <param name="firstBias">h; null without biases.</param>
    public void Begin(ReadOnlySpan<double> features, Tensor firstWeights, T[]? firstBias)
    {
        var steps = features.Length / _inputs;
        (_rows, _previous) = (_previous.WithSteps(steps), _rows);
        TensorPrimitives.ConvertTruncating(features, Staging.View<T>(_rows.Samples));
        using var scope = NewDisposeScope();
        for (var unit = 0; unit < _hidden; unit += UnitsInCache)
        {
            using var part = NewDisposeScope();
            var units = Math.Min(UnitsInCache, _hidden - unit);
            var weights = firstWeights.narrow(0, unit, units);
            Apply(weights, unit, units);
            _rows.PreActivations.narrow(1, unit, units).addmm_(_rows.Samples, weights.t(), beta: 0, alpha: 1);
        }

        _unapplied = 0;
        Overlap(features, firstBias is not null);
        for (var b = 0; b < steps && firstBias is not null; b++)
            TensorPrimitives.Add(PreActivations(b), firstBias, PreActivations(b));
    }

    /// <summary>Starts a block whose pre-activations are at hand, and that leaves the first layer's weights to others.</summary>
    /// <param name="features">B x d, row-major.</param>
    /// <param name="preActivations">B x h: at the weights before this block, or before the block before it.</param>
    /// <param name="areBehind">Whether they lack the steps of the block before.</param>
    /// <param name="bias">Whether there are biases.</param>
    public void BeginClosed(ReadOnlySpan<double> features, ReadOnlySpan<float> preActivations, bool areBehind, bool bias)
    {
        (_rows, _previous) = (_previous.WithSteps(features.Length / _inputs), _rows);
        TensorPrimitives.ConvertTruncating(features, Staging.View<T>(_rows.Samples));
        TensorPrimitives.ConvertTruncating(preActivations, Staging.View<T>(_rows.PreActivations));
        if (areBehind && _taken > 0)
        {
            using var scope = NewDisposeScope();
            var overlaps = _rows.Samples.mm(_previous.Samples.narrow(0, 0, _taken).t());
            if (bias)
                overlaps.plus_(1);
            _rows.PreActivations.addmm_(overlaps, _previous.Deltas.narrow(0, 0, _taken), beta: 1, alpha: -1);
        }

        Overlap(features, bias);
    }

    /// <summary>Forgets the block before: what comes next does not follow it.</summary>
    public void BeginAnew() => _taken = 0;

    /// <summary>x_b . x_c (+ 1).</summary>
    public double Overlap(int b, int c) => _overlaps[(b * _rows.Steps) + c];

    /// <summary>z of sample b, h values.</summary>
    public Span<T> PreActivations(int b) => Row(_rows.PreActivations, b);

    /// <summary>phi(z) of sample b, h values.</summary>
    public Span<T> Activations(int b) => Row(_rows.Activations, b);

    /// <summary>u = eta dL/dz of step b, h values.</summary>
    public Span<T> Deltas(int b) => Row(_rows.Deltas, b);

    /// <summary>The unit loss gradient of step b, K values.</summary>
    public Span<double> Direction(int b) => _directions.AsSpan(b * _outputs, _outputs);

    /// <summary>Keeps eta dL/d(output) of step b, K values.</summary>
    public void SetGammas(int b, ReadOnlySpan<double> gammas) =>
        TensorPrimitives.ConvertTruncating(gammas, _gammas.AsSpan(b * _outputs, _outputs));

    /// <summary>Where b is a multiple of <paramref name="stepsAtOnce"/>: takes the steps since the last multiple off all samples from b on.</summary>
    public void CorrectAll(int b, int stepsAtOnce)
    {
        if (b == 0 || b % stepsAtOnce != 0)
            return;
        var (first, rest) = (b - stepsAtOnce, _rows.Steps - b);
        var overlaps = new double[rest * stepsAtOnce];
        for (var later = b; later < _rows.Steps; later++)
            _overlaps.AsSpan((later * _rows.Steps) + first, stepsAtOnce).CopyTo(overlaps.AsSpan((later - b) * stepsAtOnce));
        using var scope = NewDisposeScope();
        _rows.PreActivations.narrow(0, b, rest).addmm_(
            Staging.ToTensor(overlaps, rest, _rows.Samples.dtype, CPU), _rows.Deltas.narrow(0, first, stepsAtOnce), beta: 1, alpha: -1);
    }

    /// <summary>Takes the steps since the last multiple of <paramref name="stepsAtOnce"/> off some units of sample b.</summary>
    public void Correct(int b, int stepsAtOnce, Range units)
    {
        var z = PreActivations(b)[units];
        for (var c = b - (b % stepsAtOnce); c < b; c++)
            TensorPrimitives.MultiplyAdd(Deltas(c)[units], T.CreateTruncating(-Overlap(b, c)), z, z);
    }

    /// <summary>Applies the first <paramref name="steps"/> steps to the first layer: to the biases now, to the weights with the next block.</summary>
    public void Follow(int steps, T[]? firstBias)
    {
        _unapplied = steps;
        FollowClosed(steps, firstBias);
    }

    /// <summary>Applies the first <paramref name="steps"/> steps to the biases only.</summary>
    public void FollowClosed(int steps, T[]? firstBias)
    {
        _taken = steps;
        for (var b = 0; b < steps && firstBias is not null; b++)
            TensorPrimitives.Subtract(firstBias, Deltas(b), firstBias);
    }

    /// <summary>Does now what is left to be done to the first layer's weights.</summary>
    public void Settle(Tensor firstWeights)
    {
        if (_unapplied == 0)
            return;
        (_rows, _previous) = (_previous, _rows);
        using var scope = NewDisposeScope();
        // In the same parts as with a block, whose bits depend on their shapes.
        for (var unit = 0; unit < _hidden; unit += UnitsInCache)
        {
            var units = Math.Min(UnitsInCache, _hidden - unit);
            Apply(firstWeights.narrow(0, unit, units), unit, units);
        }

        _unapplied = _taken = 0;
    }

    /// <summary>
    /// Names the steps of the last block, which the next one applies to the first layer's weights or takes off what it is handed. As they are: what
    /// is left to be done stays so.
    /// </summary>
    /// <param name="state">Where to.</param>
    /// <param name="isClosed">Whether the first layer's weights are left to others.</param>
    public void Transfer(StateTransfer state, bool isClosed)
    {
        state.Rows("last-samples", _inputs, ref _taken);
        if (_rows.Steps < _taken)
            _rows = _rows.WithSteps(_taken);
        using var scope = NewDisposeScope();
        state.Values("last-samples", _rows.Samples.narrow(0, 0, _taken));
        state.Values("last-deltas", _rows.Deltas.narrow(0, 0, _taken));
        _unapplied = isClosed ? 0 : _taken;
    }

    /// <summary>What the shards need of the block.</summary>
    /// <param name="applied">Whether the steps moved the weights.</param>
    /// <param name="probes">Which probes the samples are, in the closed form; otherwise null.</param>
    public LowRankUpdateBlock ToUpdates(bool applied, int[]? probes) => new(
        _rows.Steps, applied, _directions,
        [new LayerUpdate(ToFloats(_rows.Deltas), ToFloats(_rows.Samples)), new LayerUpdate(_gammas, ToFloats(_rows.Activations))], probes);

    public void Dispose()
    {
        _rows.Dispose();
        _previous.Dispose();
    }

    private void Overlap(ReadOnlySpan<double> features, bool bias)
    {
        using var scope = NewDisposeScope();
        var exact = Staging.ToTensor(features, _rows.Steps, ScalarType.Float64, CPU);
        _overlaps = Staging.ToDoubles(exact.mm(exact.t()));
        if (bias)
            TensorPrimitives.Add(_overlaps, 1, _overlaps);
        _gammas = new float[_rows.Steps * _outputs];
        _directions = new double[_outputs > 1 ? _rows.Steps * _outputs : 0];
    }

    private void Apply(Tensor weights, int unit, int units)
    {
        if (_unapplied == 0)
            return;
        using var scope = NewDisposeScope();
        weights.addmm_(
            _previous.Deltas.narrow(0, 0, _unapplied).narrow(1, unit, units).t(), _previous.Samples.narrow(0, 0, _unapplied), beta: 1, alpha: -1);
    }

    private Span<T> Row(Tensor rows, int b) => Staging.View<T>(rows).Slice(b * _hidden, _hidden);

    private static float[] ToFloats(Tensor rows)
    {
        var floats = GC.AllocateUninitializedArray<float>(checked((int)rows.NumberOfElements));
        TensorPrimitives.ConvertTruncating<T, float>(Staging.View<T>(rows), floats);
        return floats;
    }
}
