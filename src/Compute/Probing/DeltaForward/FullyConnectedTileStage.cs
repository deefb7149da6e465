using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Probing.Vectorised;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// A fully connected layer: its changes are one product of its inputs' changes with the weights before the first step, which leaves out the inputs that
/// do not move, and one of low rank with the steps since then.
/// </summary>
internal sealed unsafe class FullyConnectedTileStage : TileStage
{
    // Of so many units the changes stay in the first-level cache from the product to the activation.
    private const int UnitsAtOnce = 128;

    private readonly int _inputs;
    private readonly int _units;
    private readonly float _bias;
    private readonly bool _isFirst;
    private readonly bool _addsUp;
    private readonly AlignedBuffer<float> _state;
    private readonly AlignedBuffer<float> _overlaps;
    private readonly AlignedBuffer<float> _coefficients;
    private readonly AlignedBuffer<float> _sampleInputs;
    private readonly AlignedBuffer<float> _minusDeltas;
    private readonly AlignedBuffer<float> _nextInputs;
    private readonly FirstLayerSteps? _firstSteps;
    private Tensor? _weights;
    private int _steps;
    private bool _applied;

    /// <summary>Reserves the memory of a stage.</summary>
    /// <param name="stage">The layer.</param>
    /// <param name="tiles">How many tiles there are.</param>
    /// <param name="kernels">What it computes with.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="isFirst">Whether its inputs are the features.</param>
    /// <param name="keepsValues">Whether what follows it asks for all its values, and not for their products with those of the trained sample only.</param>
    public FullyConnectedTileStage(Stage stage, int tiles, TileKernels kernels, int steps, bool isFirst, bool keepsValues)
        : base(stage, tiles, kernels)
    {
        (_units, _inputs) = stage.Layer.StepLengths;
        _bias = stage.Layer.HasBias ? 1 : 0;
        _isFirst = isFirst;
        _addsUp = stage.After is not null && !keepsValues;
        _state = new(kernels.Difference.CarriesState && stage.After is not null ? (long)_units * ProbeTile.Probes : 0);
        _firstSteps = isFirst && stage.After is not null ? new FirstLayerSteps(_units, steps, _addsUp && kernels.Difference.SkipsInactiveUnits) : null;
        _sampleInputs = new((long)steps * _inputs);
        _overlaps = new(isFirst ? (long)steps * ProbeTile.Probes : 0);
        _coefficients = new(isFirst ? 0 : (long)steps * ProbeTile.Probes);
        _minusDeltas = new(_firstSteps is null ? (long)steps * _units : 0);
        _nextInputs = new(_addsUp && !isFirst ? (long)steps * _units : 0);
    }

    private TileLayer Layer => new(PreActivations, _state.Pointer);

    public override void Load(Tensor weight)
    {
        base.Load(weight);
        if (_isFirst)
            return;
        _weights?.Dispose();
        _weights = weight.to_type(ScalarType.Float32).DetachFromDisposeScope();
    }

    public override void Prepare(in StepRows steps, StepRows? next, bool applied)
    {
        _steps = steps.Count;
        _applied = applied;
        for (var b = 0; b < _steps; b++)
            steps.Second(b).CopyTo(_sampleInputs.Slice((long)b * _inputs, _inputs));
        if (_firstSteps is not null)
        {
            _firstSteps.Pack(steps, _addsUp ? next : null, applied);
            return;
        }

        for (var b = 0; b < _steps; b++)
        {
            var deltas = steps.First(b);
            for (var i = 0; i < _units; i++)
                _minusDeltas.Pointer[((long)i * _steps) + b] = -deltas[i];
            if (_addsUp)
                next!.Value.Second(b).CopyTo(_nextInputs.Slice((long)b * _units, _units));
        }
    }

    public override void Begin(int tile, float* features)
    {
        base.Begin(tile, features);
        if (Stage.After is not null)
            Kernels.Difference.Begin(Layer, _units);
        if (!_isFirst)
            return;
        _overlaps.Slice(0, _steps * ProbeTile.Probes).Fill(_bias);
        Kernels.Product.Add(features, new TileRows(_sampleInputs.Pointer, _steps, _inputs, _inputs), _overlaps.Pointer);
    }

    public override void Run(int b, TileFlow? input, TileFlow output)
    {
        Clear(output.Sums, 1);
        output.Count = _units;
        output.Columns = null;
        if (input is null)
            RunFirst(b, output);
        else
            RunUpper(b, input, output);
    }

    public override void Follow()
    {
        if (_isFirst)
            return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var minusDeltas = Staging.ToTensor(_minusDeltas.Slice(0, _steps * _units), _units, CPU);
        _weights!.addmm_(minusDeltas, Staging.ToTensor(_sampleInputs.Slice(0, _steps * _inputs), _steps, CPU), beta: 1, alpha: 1);
    }

    public override void Transfer(StateTransfer state, string layer)
    {
        base.Transfer(state, layer);
        if (_isFirst)
            return;
        _weights ??= zeros([_units, _inputs], ScalarType.Float32).DetachFromDisposeScope();
        state.Values($"{layer}-weights", _weights);
    }

    public override void Dispose()
    {
        base.Dispose();
        _state.Dispose();
        _overlaps.Dispose();
        _coefficients.Dispose();
        _sampleInputs.Dispose();
        _minusDeltas.Dispose();
        _nextInputs.Dispose();
        _firstSteps?.Dispose();
        _weights?.Dispose();
    }

    private void RunFirst(int b, TileFlow output)
    {
        var overlaps = _overlaps.Pointer + (b * ProbeTile.Probes);
        if (_firstSteps is null)
        {
            Clear(output.Differences, _units);
            Kernels.Product.Add(overlaps, new TileRows(_minusDeltas.Pointer + b, _units, 1, _steps), output.Differences);
            return;
        }

        var step = _firstSteps[b];
        Kernels.Difference.RunFirst(step, overlaps, Layer, output.ToDifferences());
        output.Count = step.Count;
        output.Columns = step.Count < _units ? step.Units : null;
    }

    private void RunUpper(int b, TileFlow input, TileFlow output)
    {
        var from = _applied ? 0 : b;
        var coefficients = b + 1 - from;
        FindCoefficients(from, coefficients, input);
        // Native memory of torch's own.
        fixed (float* weights = Staging.View<float>(_weights!))
        {
            for (var unit = 0; unit < _units; unit += UnitsAtOnce)
            {
                var units = Math.Min(UnitsAtOnce, _units - unit);
                var result = output.ToDifferences().From(unit);
                Clear(result.Differences, units);
                AddChanges(input, new TileRows(weights + ((long)unit * _inputs), units, input.Count, _inputs), result.Differences);
                var minusDeltas = _minusDeltas.Pointer + ((long)unit * _steps) + from;
                Kernels.Product.Add(_coefficients.Pointer, new TileRows(minusDeltas, units, coefficients, _steps), result.Differences);
                if (Stage.After is null)
                    continue;
                var activations = _addsUp ? _nextInputs.Pointer + ((long)b * _units) + unit : null;
                Kernels.Difference.Run(units, Layer.From(unit), _applied, result, activations);
            }
        }

        if (Stage.After is { Skips: true })
        {
            AddTo(output.Differences, input.Differences);
            AddTo(output.Values, input.Values);
        }
    }

    // What the steps put on their u: the change of the inputs times a_c for each that has been taken, and the inputs themselves for the last.
    private void FindCoefficients(int from, int count, TileFlow input)
    {
        Clear(_coefficients.Pointer, count);
        AddChanges(input, new TileRows(_sampleInputs.Pointer + ((long)from * _inputs), count, input.Count, _inputs), _coefficients.Pointer);
        var last = _coefficients.Pointer + ((count - 1) * ProbeTile.Probes);
        if (input.Values is null)
            TensorPrimitives.Add(Row(last), Row(input.Sums), Row(last));
        else
            Kernels.Product.Add(input.Values, new TileRows(_sampleInputs.Pointer + ((from + count - 1L) * _inputs), 1, _inputs, _inputs), last);
        TensorPrimitives.Add(Row(last), _bias, Row(last));
    }

    private void AddChanges(TileFlow input, in TileRows rows, float* products)
    {
        if (input.Columns is null)
            Kernels.Product.Add(input.Differences, rows, products);
        else
            Kernels.Product.AddColumns(input.Differences, input.Columns, rows, products);
    }

    private void AddTo(float* sum, float* rows) => TensorPrimitives.Add(
        new ReadOnlySpan<float>(sum, _units * ProbeTile.Probes), new ReadOnlySpan<float>(rows, _units * ProbeTile.Probes),
        new Span<float>(sum, _units * ProbeTile.Probes));

    private static Span<float> Row(float* row) => new(row, ProbeTile.Probes);
}
