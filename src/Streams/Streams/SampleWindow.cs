namespace ElasticityStream.Streams;

/// <summary>The latest samples of a source, in the order of their positions: added at the end, dropped at the start. Not thread-safe.</summary>
internal sealed class SampleWindow
{
    // A ring: dropping the first of a million samples must not move the others.
    private Sample?[] _ring = new Sample?[16];
    private int _first;

    /// <summary>How many samples it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The position of the first sample. There must be one.</summary>
    public long FirstPosition => At(0).Position;

    /// <summary>Adds a sample behind all others.</summary>
    public void Add(Sample sample)
    {
        if (Count == _ring.Length)
            Grow();
        _ring[(_first + Count) % _ring.Length] = sample;
        Count++;
    }

    /// <summary>Drops the first sample. There must be one.</summary>
    public void DropFirst()
    {
        _ring[_first] = null;
        _first = (_first + 1) % _ring.Length;
        Count--;
    }

    /// <summary>The first sample at or after a position; null if there is none.</summary>
    public Sample? FirstFrom(long position)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (At(middle).Position < position)
                low = middle + 1;
            else
                high = middle;
        }

        return low < Count ? At(low) : null;
    }

    private Sample At(int index) => _ring[(_first + index) % _ring.Length]!;

    private void Grow()
    {
        var larger = new Sample?[checked(2 * _ring.Length)];
        for (var i = 0; i < Count; i++)
            larger[i] = At(i);
        (_ring, _first) = (larger, 0);
    }
}
