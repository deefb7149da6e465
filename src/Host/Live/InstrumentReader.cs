using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ElasticityStream.Actors.Telemetry;

namespace ElasticityStream.Host.Live;

/// <summary>
/// Reads the instruments of one run: gauges as they are, counters from the moment it begins, a histogram as the sum and the number of its
/// measurements. The duration of a step is left out, since listening to it would cost every step; the rate of the steps tells the same.
/// </summary>
internal sealed class InstrumentReader : IDisposable
{
    /// <summary>Behind the name of a histogram: the sum of what was measured.</summary>
    public const string Sum = ".sum";

    /// <summary>Behind the name of a histogram: how often something was measured.</summary>
    public const string Count = ".count";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, (LiveSeries Series, double Value)> _totals = new(StringComparer.Ordinal);
    private readonly List<(LiveSeries Series, double Value)> _observed = [];

    /// <summary>Begins to listen.</summary>
    public InstrumentReader(ElasticityMeter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meter) && instrument.Name != Instruments.StepDuration.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What is measured now. One thread at a time.</summary>
    public IReadOnlyList<(LiveSeries Series, double Value)> Read()
    {
        _observed.Clear();
        _listener.RecordObservableInstruments();
        return [.. _observed.Concat(_totals.Values)];
    }

    public void Dispose() => _listener.Dispose();

    private void Measured(System.Diagnostics.Metrics.Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        switch (instrument)
        {
            case { IsObservable: true }:
                _observed.Add((LiveSeries.Of(instrument, tags), value));
                break;
            case Histogram<double>:
                Add(LiveSeries.Of(instrument, tags, Sum), value);
                Add(LiveSeries.Of(instrument, tags, Count), 1);
                break;
            default:
                Add(LiveSeries.Of(instrument, tags), value);
                break;
        }
    }

    private void Add(LiveSeries series, double value) =>
        _totals.AddOrUpdate(series.Key(), (series, value), (_, total) => (total.Series, total.Value + value));
}
