using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing;

/// <summary>The steps of a block in a fully connected first layer: for each the units that it moves, or whose activations it reads.</summary>
internal sealed unsafe class FirstLayerSteps : IDisposable
{
    private readonly bool _leavesOutInactive;
    private readonly int[] _starts;
    private readonly AlignedBuffer<int> _units;
    private readonly AlignedBuffer<float> _minusU;
    private readonly AlignedBuffer<float> _activations;
    private bool _applied;

    /// <summary>Reserves the memory.</summary>
    /// <param name="units">h.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="leavesOutInactive">Whether units with u = 0 and a = 0 are left out.</param>
    public FirstLayerSteps(int units, int steps, bool leavesOutInactive)
    {
        _leavesOutInactive = leavesOutInactive;
        _starts = new int[steps + 1];
        _units = new((long)steps * units);
        _minusU = new((long)steps * units);
        _activations = new((long)steps * units);
    }

    /// <summary>One step.</summary>
    public FirstLayerStep this[int b] => new()
    {
        Count = _starts[b + 1] - _starts[b],
        Units = _units.Pointer + _starts[b],
        MinusU = _minusU.Pointer + _starts[b],
        Activations = _activations.Pointer + _starts[b],
        Applied = _applied,
    };

    /// <summary>Picks out the units.</summary>
    /// <param name="steps">u of this layer.</param>
    /// <param name="next">a, the inputs of the next layer; null if they are not asked for.</param>
    /// <param name="applied">Whether the steps are applied.</param>
    public void Pack(in StepRows steps, StepRows? next, bool applied)
    {
        _applied = applied;
        for (var b = 0; b < steps.Count; b++)
            _starts[b + 1] = Pack(_starts[b], steps.First(b), next is { } above ? above.Second(b) : default);
    }

    public void Dispose()
    {
        _units.Dispose();
        _minusU.Dispose();
        _activations.Dispose();
    }

    private int Pack(int count, ReadOnlySpan<float> deltas, ReadOnlySpan<float> activations)
    {
        for (var i = 0; i < deltas.Length; i++)
        {
            var a = activations.IsEmpty ? 0 : activations[i];
            if (_leavesOutInactive && deltas[i] == 0 && a == 0)
                continue;
            _units.Pointer[count] = i;
            _minusU.Pointer[count] = -deltas[i];
            _activations.Pointer[count++] = a;
        }

        return count;
    }
}
