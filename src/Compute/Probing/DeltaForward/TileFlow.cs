using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing;

/// <summary>What flows from one layer to the next for a tile of probes and a step: the layer's inputs and their changes.</summary>
internal sealed unsafe class TileFlow : IDisposable
{
    private readonly AlignedBuffer<float> _differences;
    private readonly AlignedBuffer<float>? _values;
    private readonly AlignedBuffer<float> _sums = new(ProbeTile.Probes);

    /// <summary>Reserves the memory.</summary>
    /// <param name="units">The number of inputs of the next layer, or of outputs.</param>
    /// <param name="keepsValues">Whether the inputs before the step are kept, or only their products with those of the trained sample.</param>
    public TileFlow(long units, bool keepsValues)
    {
        _differences = new(units * ProbeTile.Probes);
        _values = keepsValues ? new(units * ProbeTile.Probes) : null;
    }

    /// <summary>The changes, one row of 64 an input.</summary>
    public float* Differences => _differences.Pointer;

    /// <summary>The inputs before the step, one row of 64 each; null if they are not kept.</summary>
    public float* Values => _values is null ? null : _values.Pointer;

    /// <summary>The products of the inputs with those of the trained sample, 64 values, if the inputs are not kept.</summary>
    public float* Sums => _sums.Pointer;

    /// <summary>How many rows there are.</summary>
    public int Count { get; set; }

    /// <summary>Which inputs the rows are of; null for all.</summary>
    public int* Columns { get; set; }

    /// <summary>Where the kernel writes.</summary>
    public TileDifferences ToDifferences() => new(Differences, Values, Sums);

    public void Dispose()
    {
        _differences.Dispose();
        _values?.Dispose();
        _sums.Dispose();
    }
}
