namespace ElasticityStream.Actors.Accumulation;

/// <summary>The mean of the latest values.</summary>
/// <param name="window">How many.</param>
/// <param name="values">Those that there are at the start, the oldest first.</param>
internal sealed class MovingMean(int window, IEnumerable<double> values)
{
    private readonly Queue<double> _values = new(values);
    private double? _mean;

    public double? Value => _values.Count == 0 ? null : _mean ??= _values.Average();

    public double[] Values => [.. _values];

    public void Add(double value)
    {
        if (_values.Count == window)
            _values.Dequeue();
        _values.Enqueue(value);
        _mean = null;
    }
}
