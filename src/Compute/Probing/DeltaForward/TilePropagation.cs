using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing.Vectorised;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Takes one tile of probes through the layers of a fully connected network, a step at a time: from the differences of the activations below a layer
/// and the coefficients of its rank-one updates to the differences above it (docs/probing.md). Its memory is used again by the next tile.
/// </summary>
internal sealed unsafe class TilePropagation : IDisposable
{
    // Of so many units the changes stay in the first-level cache from the product to the activation.
    private const int UnitsAtOnce = 128;

    private readonly int[] _widths;
    private readonly float _bias;
    private readonly DifferenceKernel _kernel;
    private readonly TileProduct _product;
    private readonly TileLayer[] _layers;
    private readonly AlignedBuffer<float>[] _states;
    private readonly AlignedBuffer<float> _overlaps;
    private readonly AlignedBuffer<float> _coefficients;
    private readonly AlignedBuffer<float> _arrived = new(ProbeTile.Probes);
    private readonly AlignedBuffer<float> _outputChanges;
    private AlignedBuffer<float> _differences;
    private AlignedBuffer<float> _nextDifferences;
    private TileSteps? _steps;
    private int _count;
    private int* _units;

    /// <summary>Reserves the memory.</summary>
    /// <param name="network">Fully connected.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="kernel">That of the activation.</param>
    /// <param name="product">The products.</param>
    public TilePropagation(NetworkSpec network, int steps, DifferenceKernel kernel, TileProduct product)
    {
        _widths = [network.Inputs, .. network.Hidden, network.Outputs];
        _bias = network.Bias ? 1 : 0;
        _kernel = kernel;
        _product = product;
        _layers = new TileLayer[network.Hidden.Count];
        _states = [.. network.Hidden.Select(h => new AlignedBuffer<float>(kernel.CarriesState ? (long)h * ProbeTile.Probes : 0))];
        _overlaps = new((long)steps * ProbeTile.Probes);
        _coefficients = new((long)steps * ProbeTile.Probes);
        _outputChanges = new((long)network.Outputs * ProbeTile.Probes);
        var widest = (long)network.Hidden.DefaultIfEmpty(0).Max() * ProbeTile.Probes;
        _differences = new(widest);
        _nextDifferences = new(widest);
    }

    private TileSteps Steps => _steps ?? throw new InvalidOperationException("Begin comes first.");

    /// <summary>Begins a tile: its overlaps with the trained samples, and what is kept beside its pre-activations.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="features">d x 64.</param>
    /// <param name="preActivations">[tile][h][64] of every hidden layer; moved along by steps that are applied.</param>
    /// <param name="tile">Which tile.</param>
    public void Begin(TileSteps steps, float* features, IReadOnlyList<AlignedBuffer<float>> preActivations, int tile)
    {
        _steps = steps;
        _overlaps.Slice(0, steps.Steps * ProbeTile.Probes).Fill(_bias);
        _product.Add(features, new TileRows(steps.Inputs(0), steps.Steps, _widths[0], _widths[0]), _overlaps.Pointer);
        for (var l = 0; l < _layers.Length; l++)
        {
            _layers[l] = new TileLayer(preActivations[l].Pointer + ((long)tile * _widths[l + 1] * ProbeTile.Probes), _states[l].Pointer);
            _kernel.Begin(_layers[l], _widths[l + 1]);
        }
    }

    /// <summary>Takes the tile through step <paramref name="b"/>, after all earlier ones.</summary>
    /// <param name="b">The step.</param>
    /// <param name="upperWeights">h_l x h_(l-1) of every layer but the first, before the first step.</param>
    /// <returns>K x 64, until the next step: the changes of the outputs.</returns>
    public float* Step(int b, IReadOnlyList<Tensor> upperWeights)
    {
        var overlaps = _overlaps.Pointer + (b * ProbeTile.Probes);
        if (upperWeights.Count == 0)
        {
            Clear(_outputChanges.Pointer, _widths[1]);
            _product.Add(overlaps, new TileRows(Steps.MinusDeltas(0) + b, _widths[1], 1, Steps.Steps), _outputChanges.Pointer);
            return _outputChanges.Pointer;
        }

        var first = Steps.First(b);
        _count = first.Count;
        _units = first.Units;
        Clear(_arrived.Pointer, 1);
        _kernel.RunFirst(first, overlaps, _layers[0], _differences.Pointer, _arrived.Pointer);
        for (var l = 1; l < upperWeights.Count; l++)
        {
            StepLayer(b, l, upperWeights[l - 1], _nextDifferences.Pointer);
            (_differences, _nextDifferences) = (_nextDifferences, _differences);
            _count = _widths[l + 1];
            _units = null;
        }

        StepLayer(b, upperWeights.Count, upperWeights[^1], _outputChanges.Pointer);
        return _outputChanges.Pointer;
    }

    public void Dispose()
    {
        Array.ForEach(_states, b => b.Dispose());
        _overlaps.Dispose();
        _coefficients.Dispose();
        _arrived.Dispose();
        _outputChanges.Dispose();
        _differences.Dispose();
        _nextDifferences.Dispose();
    }

    // From the differences of activations below layer l to its changes, and to the differences above it if there are any.
    private void StepLayer(int b, int l, Tensor weights, float* changes)
    {
        var earlier = Steps.Applied ? b : 0;
        FindCoefficients(earlier, l);
        // Native memory of torch's own.
        fixed (float* rows = Staging.View<float>(weights))
        {
            for (var unit = 0; unit < _widths[l + 1]; unit += UnitsAtOnce)
            {
                var units = Math.Min(UnitsAtOnce, _widths[l + 1] - unit);
                var some = changes + ((long)unit * ProbeTile.Probes);
                Clear(some, units);
                AddDifferences(new TileRows(rows + ((long)unit * _widths[l]), units, _count, _widths[l]), some);
                var minusDeltas = Steps.MinusDeltas(l) + ((long)unit * Steps.Steps) + b - earlier;
                _product.Add(_coefficients.Pointer, new TileRows(minusDeltas, units, earlier + 1, Steps.Steps), some);
                if (l == _layers.Length)
                    continue;
                var activations = Steps.Inputs(l + 1) + ((long)b * _widths[l + 1]) + unit;
                _kernel.RunUpper(units, activations, _layers[l].From(unit), some, Steps.Applied, _arrived.Pointer);
            }
        }
    }

    // What the rank-one updates put on u_c: dA a_c for the earlier steps, (A + dA) a_b + 1 for the step itself.
    private void FindCoefficients(int earlier, int l)
    {
        Clear(_coefficients.Pointer, earlier);
        AddDifferences(new TileRows(Steps.Inputs(l), earlier, _count, _widths[l]), _coefficients.Pointer);
        var own = _coefficients.Pointer + (earlier * ProbeTile.Probes);
        for (var j = 0; j < ProbeTile.Probes; j++)
            own[j] = _arrived.Pointer[j] + _bias;
        Clear(_arrived.Pointer, 1);
    }

    private void AddDifferences(in TileRows rows, float* products)
    {
        if (_units is null)
            _product.Add(_differences.Pointer, rows, products);
        else
            _product.Add(_differences.Pointer, _units, rows, products);
    }

    private static void Clear(float* rows, int count) => new Span<float>(rows, count * ProbeTile.Probes).Clear();
}
