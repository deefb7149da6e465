using System.Diagnostics.Metrics;
using ElasticityStream.Actors.Telemetry;

namespace ElasticityStream.Actors.Tests.Telemetry;

/// <summary>Reads the meters that are created after it: adds up its counters, keeps every value of its histograms, and asks for its gauges.</summary>
internal sealed class MeterReader : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _sums = [];
    private readonly Dictionary<string, List<double>> _values = [];
    private Dictionary<string, double> _gauges = [];

    public MeterReader()
    {
        var isStarted = false;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!isStarted || instrument.Meter.Scope is not ElasticityMeter)
                return;
            Published[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        // What was there before is told of at once.
        _listener.Start();
        isStarted = true;
    }

    public Dictionary<string, System.Diagnostics.Metrics.Instrument> Published { get; } = [];

    /// <summary>The series of the counters and their sums, as in <c>name{key=value,...}</c>.</summary>
    public IReadOnlyDictionary<string, double> Sums => _sums;

    /// <summary>The series of the histograms and their values.</summary>
    public IReadOnlyDictionary<string, List<double>> Values => _values;

    /// <summary>Asks for the gauges, and for the counters that have to be asked.</summary>
    public IReadOnlyDictionary<string, double> Gauges()
    {
        lock (_sums)
            _gauges = [];
        _listener.RecordObservableInstruments();
        return _gauges;
    }

    public void Dispose() => _listener.Dispose();

    private void Take(System.Diagnostics.Metrics.Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = $"{instrument.Name}{{{string.Join(",", tags.ToArray().Select(t => $"{t.Key}={t.Value}"))}}}";
        lock (_sums)
        {
            if (instrument is ObservableCounter<long>)
                _sums[series] = value;
            else if (instrument.IsObservable)
                _gauges.Add(series, value);
            else if (instrument is Counter<long>)
                _sums[series] = _sums.GetValueOrDefault(series) + value;
            else if (_values.TryGetValue(series, out var values))
                values.Add(value);
            else
                _values[series] = [value];
        }
    }
}
