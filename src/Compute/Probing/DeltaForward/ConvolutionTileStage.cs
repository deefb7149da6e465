using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Probing.Vectorised;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// A convolution with pooling behind it, two rows of the feature maps at a time: with K the kernels after the step, its pre-activations change by
/// K * dA + dK * A + db, as products of the kernels with the pixels under them. The probes are the lanes, so that no pixel is copied.
/// </summary>
internal sealed unsafe class ConvolutionTileStage : TileStage
{
    private const int RowsAtOnce = 2;

    private readonly bool _isFirst;
    private readonly ImageShape _maps;
    private readonly ImageShape _pooled;
    private readonly ImageShape _image;
    private readonly int _taps;
    private readonly AlignedBuffer<int> _pixels;
    private readonly AlignedBuffer<float> _changes;
    private readonly AlignedBuffer<float> _values;
    private readonly AlignedBuffer<float> _state;
    private readonly AlignedBuffer<float> _minusSteps;
    private readonly AlignedBuffer<float> _minusBiases;
    private readonly AlignedBuffer<float> _kernelsAfter;
    private readonly double[] _kernels;
    private readonly double[] _kernelsNow;
    private float* _features;
    private bool _applied;

    /// <summary>Reserves the memory of a stage.</summary>
    /// <param name="stage">The layer, with pooling.</param>
    /// <param name="tiles">How many tiles there are.</param>
    /// <param name="kernels">What it computes with.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="isFirst">Whether its inputs are the features.</param>
    public ConvolutionTileStage(Stage stage, int tiles, TileKernels kernels, int steps, bool isFirst)
        : base(stage, tiles, kernels)
    {
        if (stage is not { Layer: ConvolutionLayer layer, After: { Pools: true, Skips: false } })
            throw new ArgumentException("A convolution is followed by pooling.", nameof(stage));
        _isFirst = isFirst;
        _image = layer.Image;
        _maps = _image.Convolved(layer.Channels, layer.Kernel);
        _pooled = _maps.Pooled();
        _taps = checked((int)layer.FanIn);
        _pixels = new(_taps);
        for (var tap = 0; tap < _taps; tap++)
        {
            var (channel, row, column) = (tap / (layer.Kernel * layer.Kernel), tap / layer.Kernel % layer.Kernel, tap % layer.Kernel);
            _pixels.Pointer[tap] = (((channel * _image.Height) + row) * _image.Width) + column;
        }

        var band = (long)_maps.Channels * RowsAtOnce * _maps.Width * ProbeTile.Probes;
        _changes = new(band);
        _values = new(band);
        _state = new(kernels.Difference.CarriesState ? (long)BandLength * ProbeTile.Probes : 0);
        _kernels = new double[isFirst ? 0 : _maps.Channels * _taps];
        _kernelsNow = new double[_kernels.Length];
        _minusSteps = new((long)steps * _maps.Channels * _taps);
        _minusBiases = new((long)steps * _maps.Channels);
        _kernelsAfter = new((long)steps * _kernels.Length);
    }

    // The places of a feature map that are handled together.
    private int BandLength => RowsAtOnce * _maps.Width;

    public override void Load(Tensor weight)
    {
        base.Load(weight);
        if (!_isFirst)
            Staging.CopyTo(weight, _kernels);
    }

    public override void Prepare(in StepRows steps, StepRows? next, bool applied)
    {
        _applied = applied;
        var length = _maps.Channels * _taps;
        _kernels.CopyTo(_kernelsNow, 0);
        for (var b = 0; b < steps.Count; b++)
        {
            TensorPrimitives.Negate(steps.First(b), _minusSteps.Slice((long)b * length, length));
            if (Stage.Layer.HasBias)
                TensorPrimitives.Negate(steps.Second(b), _minusBiases.Slice((long)b * _maps.Channels, _maps.Channels));
            if (_isFirst)
                continue;
            if (!applied)
                _kernels.CopyTo(_kernelsNow, 0);
            var step = steps.First(b);
            for (var i = 0; i < length; i++)
                _kernelsNow[i] -= step[i];
            Staging.Narrow(_kernelsNow, _kernelsAfter.Slice((long)b * length, length));
        }
    }

    public override void Begin(int tile, float* features)
    {
        base.Begin(tile, features);
        _features = features;
    }

    public override void Run(int b, TileFlow? input, TileFlow output)
    {
        for (var y = 0; y + RowsAtOnce <= _maps.Height; y += RowsAtOnce)
        {
            FillWithBiases(b);
            var length = (long)_maps.Channels * _taps;
            AddConvolved(input is null ? _features : input.Values, _minusSteps.Pointer + (b * length), y);
            if (input is not null)
                AddConvolved(input.Differences, _kernelsAfter.Pointer + (b * length), y);
            for (var channel = 0; channel < _maps.Channels; channel++)
                Finish(channel, y, output);
        }

        output.Count = checked((int)_pooled.Size);
        output.Columns = null;
    }

    public override void Follow() => _kernelsNow.CopyTo(_kernels, 0);

    public override void Transfer(StateTransfer state, string layer)
    {
        base.Transfer(state, layer);
        if (!_isFirst)
            state.Values($"{layer}-kernels", _kernels.AsSpan());
    }

    public override void Dispose()
    {
        base.Dispose();
        _pixels.Dispose();
        _changes.Dispose();
        _values.Dispose();
        _state.Dispose();
        _minusSteps.Dispose();
        _minusBiases.Dispose();
        _kernelsAfter.Dispose();
    }

    private void FillWithBiases(int b)
    {
        for (var channel = 0; channel < _maps.Channels; channel++)
        {
            _changes.Slice((long)channel * BandLength * ProbeTile.Probes, BandLength * ProbeTile.Probes)
                .Fill(_minusBiases.Pointer[((long)b * _maps.Channels) + channel]);
        }
    }

    // O x 2 x width: the kernels over every place of two rows.
    private void AddConvolved(float* images, float* kernels, int y)
    {
        var rows = new TileRows(kernels, _maps.Channels, _taps, _taps);
        for (var place = 0; place < BandLength; place++)
        {
            var pixel = ((y + (place / _maps.Width)) * _image.Width) + (place % _maps.Width);
            Kernels.Product.AddPixels(
                images + ((long)pixel * ProbeTile.Probes), _pixels.Pointer, rows, _changes.Pointer + ((long)place * ProbeTile.Probes),
                (long)BandLength * ProbeTile.Probes);
        }
    }

    // The activation and the pooling of two rows of a feature map.
    private void Finish(int channel, int y, TileFlow output)
    {
        var band = (long)channel * BandLength * ProbeTile.Probes;
        var unit = ((channel * _maps.Height) + y) * _maps.Width;
        // What is kept beside z serves differences; where one value overtakes another in a window, the values' own rounding counts, and so they are fresh.
        var layer = new TileLayer(PreActivations + ((long)unit * ProbeTile.Probes), _state.Pointer);
        Kernels.Difference.Begin(layer, BandLength);
        Kernels.Difference.Run(BandLength, layer, _applied, new TileDifferences(_changes.Pointer + band, _values.Pointer + band, null), null);
        var pooled = (((long)channel * _pooled.Height) + (y / RowsAtOnce)) * _pooled.Width * ProbeTile.Probes;
        Kernels.Pooling.Run(_values.Pointer + band, _changes.Pointer + band, _maps.Width, output.Values + pooled, output.Differences + pooled);
    }
}
