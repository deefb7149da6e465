namespace ElasticityStream.Actors.Accumulation;

/// <summary>The mean of the latest values.</summary>
internal sealed class MovingMean(int window)
{
    private readonly Queue<double> _values = new();
    private double? _mean;

    public double? Value => _values.Count == 0 ? null : _mean ??= _values.Average();

    public void Add(double value)
    {
        if (_values.Count == window)
            _values.Dequeue();
        _values.Enqueue(value);
        _mean = null;
    }
}
