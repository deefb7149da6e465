namespace ElasticityStream.Streams.Validation;

/// <summary>
/// Counts the samples diverted before a position, in bounded memory: exactly behind the latest of them, as a rewind needs it; before those by the
/// assumption that they are spread evenly, which keeps the fraction that was found bearable when they were read. Not thread-safe.
/// </summary>
/// <param name="start">The first position that can be added.</param>
/// <param name="capacity">How many positions are kept, at least 1; 8 bytes each.</param>
internal sealed class RejectedPositions(long start, int capacity = RejectedPositions.DefaultCapacity)
{
    /// <summary>At the allowed 1 % they reach over 6 million samples back.</summary>
    public const int DefaultCapacity = 1 << 16;

    private readonly List<long> _ring = [];
    private int _first;
    private long _forgotten;

    /// <summary>Adds a position above all others.</summary>
    public void Add(long position)
    {
        if (_ring.Count < capacity)
        {
            _ring.Add(position);
            return;
        }

        _ring[_first] = position;
        _first = (_first + 1) % capacity;
        _forgotten++;
    }

    /// <summary>How many of them stand before a position.</summary>
    public long CountBefore(long position)
    {
        if (position <= start || _ring.Count == 0)
            return 0;
        var oldest = At(0);
        if (position < oldest)
            return (long)(_forgotten * ((double)(position - start) / (oldest - start)));
        var (low, high) = (0, _ring.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (At(middle) < position)
                low = middle + 1;
            else
                high = middle;
        }

        return _forgotten + low;
    }

    private long At(int index) => _ring[(_first + index) % _ring.Count];
}
