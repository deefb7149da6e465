using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing;

/// <summary>Consecutive steps of an update block, laid out as the tiles of a shard read them.</summary>
internal sealed unsafe class TileSteps : IDisposable
{
    private readonly AlignedBuffer<float>[] _inputs;
    private readonly AlignedBuffer<float>[] _minusDeltas;
    private readonly int[] _starts;
    private readonly AlignedBuffer<int> _units;
    private readonly AlignedBuffer<float> _minusU;
    private readonly AlignedBuffer<float> _activations;

    /// <summary>Lays out some steps of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="start">The first step.</param>
    /// <param name="steps">How many, B.</param>
    /// <param name="skipInactive">Whether units of the first layer with u = 0 and a = 0 are left out.</param>
    public TileSteps(LowRankUpdateBlock block, int start, int steps, bool skipInactive)
    {
        Steps = steps;
        Applied = block.Applied;
        _inputs = [.. block.Layers.Select(l => Rows(l.Inputs, block.Steps, start, steps))];
        _minusDeltas = [.. block.Layers.Select(l => MinusColumns(l.Deltas, block.Steps, start, steps))];
        _starts = new int[steps + 1];
        var width = block.Layers.Count > 1 ? block.Layers[0].Deltas.Length / block.Steps : 0;
        _units = new AlignedBuffer<int>((long)steps * width);
        _minusU = new AlignedBuffer<float>((long)steps * width);
        _activations = new AlignedBuffer<float>((long)steps * width);
        for (var b = 0; b < steps && width > 0; b++)
        {
            var at = (start + b) * width;
            _starts[b + 1] = Pack(_starts[b], block.Layers[0].Deltas.AsSpan(at, width), block.Layers[1].Inputs.AsSpan(at, width), skipInactive);
        }
    }

    /// <summary>B.</summary>
    public int Steps { get; }

    /// <summary>Whether each step starts from the weights after the one before.</summary>
    public bool Applied { get; }

    /// <summary>B x h_(l-1): a of layer l.</summary>
    public float* Inputs(int layer) => _inputs[layer].Pointer;

    /// <summary>h_l x B: -u of layer l, one column a step.</summary>
    public float* MinusDeltas(int layer) => _minusDeltas[layer].Pointer;

    /// <summary>Step b in the first layer.</summary>
    public FirstLayerStep First(int b) => new()
    {
        Count = _starts[b + 1] - _starts[b],
        Units = _units.Pointer + _starts[b],
        MinusU = _minusU.Pointer + _starts[b],
        Activations = _activations.Pointer + _starts[b],
        Applied = Applied,
    };

    public void Dispose()
    {
        Array.ForEach(_inputs, b => b.Dispose());
        Array.ForEach(_minusDeltas, b => b.Dispose());
        _units.Dispose();
        _minusU.Dispose();
        _activations.Dispose();
    }

    private static AlignedBuffer<float> Rows(float[] rows, int all, int start, int steps)
    {
        var width = rows.Length / all;
        var some = new AlignedBuffer<float>((long)steps * width);
        rows.AsSpan(start * width, steps * width).CopyTo(some.Slice(0, steps * width));
        return some;
    }

    private static AlignedBuffer<float> MinusColumns(float[] rows, int all, int start, int steps)
    {
        var width = rows.Length / all;
        var columns = new AlignedBuffer<float>((long)width * steps);
        for (var b = 0; b < steps; b++)
        {
            for (var i = 0; i < width; i++)
                columns.Pointer[((long)i * steps) + b] = -rows[((start + b) * width) + i];
        }

        return columns;
    }

    private int Pack(int count, ReadOnlySpan<float> deltas, ReadOnlySpan<float> activations, bool skipInactive)
    {
        for (var i = 0; i < deltas.Length; i++)
        {
            if (skipInactive && deltas[i] == 0 && activations[i] == 0)
                continue;
            _units.Pointer[count] = i;
            _minusU.Pointer[count] = -deltas[i];
            _activations.Pointer[count++] = activations[i];
        }

        return count;
    }
}
