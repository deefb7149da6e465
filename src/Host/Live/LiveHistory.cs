namespace ElasticityStream.Host.Live;

/// <summary>
/// What was measured since the run began, in at most <see cref="MostRows"/> rows: when they are full, every second one is left out, and from then on
/// half as many are kept. Those from before the run was resumed are beside them, and all stay. One thread adds; what <see cref="Add"/> returns is immutable.
/// </summary>
internal sealed class LiveHistory
{
    /// <summary>The most rows.</summary>
    public const int MostRows = 512;

    /// <summary>The most series; what comes beyond them is left out.</summary>
    public const int MostSeries = 512;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly LiveRow[] _past;
    private LiveSeries[] _series = [];
    private LiveRow[] _rows = new LiveRow[MostRows];
    private int _count;
    private int _generation;
    private long _added;
    private long _stride = 1;

    /// <summary>Begins with what was measured before.</summary>
    /// <param name="past">One value a series for each moment; the moments themselves are not known.</param>
    public LiveHistory(IReadOnlyList<IReadOnlyList<(LiveSeries Series, double Value)>> past) => _past = [.. past.Select(values => new LiveRow(null, Arranged(values)))];

    /// <summary>Adds what was measured at one moment.</summary>
    /// <param name="at">The moment.</param>
    /// <param name="values">One value a series.</param>
    public LiveHistorySnapshot Add(DateTimeOffset at, IReadOnlyList<(LiveSeries Series, double Value)> values)
    {
        var row = new LiveRow(at, Arranged(values));
        if (_added++ % _stride == 0)
            Keep(row);
        return new LiveHistorySnapshot(_generation, _series, _past, _rows, _count, row);
    }

    private double?[] Arranged(IReadOnlyList<(LiveSeries Series, double Value)> values)
    {
        var row = new double?[_series.Length];
        foreach (var (series, value) in values)
        {
            if (!_places.TryGetValue(series.Key(), out var place))
            {
                if (_series.Length == MostSeries)
                    continue;
                place = _series.Length;
                _places[series.Key()] = place;
                _series = [.. _series, series];
                _generation++;
                Array.Resize(ref row, _series.Length);
            }

            row[place] = value;
        }

        return row;
    }

    // Readers hold the array: rows behind their count are nobody's yet, and a thinned array is a new one.
    private void Keep(LiveRow row)
    {
        if (_count == MostRows)
        {
            var thinned = new LiveRow[MostRows];
            for (var k = 0; k < MostRows / 2; k++)
                thinned[k] = _rows[2 * k];
            (_rows, _count) = (thinned, MostRows / 2);
            _generation++;
            _stride *= 2;
        }

        _rows[_count++] = row;
    }
}
