using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Numerics;
using ElasticityStream.Compute.Native;

namespace ElasticityStream.Actors.Telemetry;

/// <summary>
/// The meter of one run and its instruments. A run trains one model after the other, each with <see cref="StudyMetrics"/> of its own; what they have in
/// common is here. Every member is for any thread.
/// </summary>
public sealed class ElasticityMeter : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "ElasticityStream";

    /// <summary>For how long a study that runs may wait for its source before it counts as idle.</summary>
    public static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(10);

    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, long> _rejected;
    private readonly ConcurrentDictionary<string, long> _dropped;
    private volatile StudyMetrics? _study;
    private int _state = (int)StudyState.Starting;

    /// <summary>Creates the instruments.</summary>
    /// <param name="rejectionReasons">Every reason for which a sample can be diverted.</param>
    /// <param name="signals">Every signal that can be dropped: "metrics", "traces", "logs".</param>
    /// <param name="time">The clock by which a study becomes idle.</param>
    public ElasticityMeter(IEnumerable<string> rejectionReasons, IEnumerable<string> signals, TimeProvider time)
    {
        // The scope tells the meters of one process apart.
        _meter = new Meter(Name, typeof(ElasticityMeter).Assembly.GetName().Version?.ToString(3), tags: null, scope: this);
        _time = time;
        Steps = Counter(Instruments.TrainingSteps);
        Rows = Counter(Instruments.ProbeRows);
        StepDuration = Histogram(Instruments.StepDuration);
        ProbeDuration = Histogram(Instruments.ProbeDuration);
        CheckpointDuration = Histogram(Instruments.CheckpointDuration);
        Rewinds = Counter(Instruments.Rewinds);
        // Read when asked for, so that they are there at 0 however late somebody begins to listen.
        _rejected = Counts(Instruments.SamplesRejected, "reason", rejectionReasons);
        _dropped = Counts(Instruments.TelemetryDropped, "signal", signals);

        Gauge(Instruments.TrainingLoss, s => s.Loss());
        Gauge(Instruments.TrainingAccuracy, s => s.Accuracy());
        Gauge(Instruments.Similarity, s => s.Similarities());
        Gauge(Instruments.Index, s => s.Indices());
        Gauge(Instruments.IndexReference, s => s.References());
        Gauge(Instruments.ClusteringAccuracy, s => s.Clusterings(c => c.Scores.Accuracy));
        Gauge(Instruments.ClusteringAri, s => s.Clusterings(c => c.Scores.AdjustedRandIndex));
        Gauge(Instruments.ClusteringNmi, s => s.Clusterings(c => c.Scores.NormalisedMutualInformation));
        Gauge(Instruments.ClusteringChurn, s => s.Clusterings(c => c.Churn));
        Gauge(Instruments.ClusterSize, s => s.ClusterSizes());
        Gauge(Instruments.PipelineInFlight, s => s.InFlight());
        Gauge(Instruments.PipelineLag, s => s.Lag());
        Gauge(Instruments.CheckpointAge, s => s.CheckpointAge());
        Gauge(Instruments.CheckpointSize, s => s.CheckpointSize());
        Observe<long>(Instruments.LiveTensors, () => [new Measurement<long>(TorchRuntime.LiveTensors)]);
        Observe<long>(Instruments.ProcessMemory, () => [new Measurement<long>(Environment.WorkingSet)]);
        Observe(Instruments.StudyState, () => Enum.GetValues<StudyState>().Select(
            s => new Measurement<int>(s == State ? 1 : 0, new KeyValuePair<string, object?>("state", NameOf(s)))));
    }

    /// <summary>What the run is doing; running is idle where the source has been waited for, with nothing in flight, for <see cref="IdleAfter"/>.</summary>
    public StudyState State
    {
        get
        {
            var state = (StudyState)Volatile.Read(ref _state);
            return state == StudyState.Running && _study is { } study && study.IsQuiet(IdleAfter) ? StudyState.Idle : state;
        }
        set => Volatile.Write(ref _state, (int)value);
    }

    /// <summary>The metrics of the model that is measured now; null between models.</summary>
    public StudyMetrics? Study => _study;

    internal Counter<long> Steps { get; }

    internal Counter<long> Rows { get; }

    internal Histogram<double> StepDuration { get; }

    internal Histogram<double> ProbeDuration { get; }

    internal Histogram<double> CheckpointDuration { get; }

    internal Counter<long> Rewinds { get; }

    /// <summary>Begins the metrics of one model; those of the model before have ended by then.</summary>
    /// <param name="model">"main" or "contrast".</param>
    public StudyMetrics Begin(string model)
    {
        var study = new StudyMetrics(this, model, _time);
        _study = study;
        return study;
    }

    /// <summary>Counts a sample that was diverted.</summary>
    public void SampleRejected(string reason) => _rejected.AddOrUpdate(reason, 1, (_, count) => count + 1);

    /// <summary>Counts telemetry that was not delivered.</summary>
    public void TelemetryDropped(string signal, long count) => _dropped.AddOrUpdate(signal, count, (_, before) => before + count);

    /// <summary>Ends every series.</summary>
    public void Dispose() => _meter.Dispose();

    /// <summary>Ends the series of a model.</summary>
    internal void End(StudyMetrics study) => Interlocked.CompareExchange(ref _study, null, study);

    private static string NameOf(StudyState state) => state.ToString().ToLowerInvariant();

    private Counter<long> Counter(Instrument instrument) => _meter.CreateCounter<long>(instrument.Name, instrument.Unit, instrument.Description);

    private ConcurrentDictionary<string, long> Counts(Instrument instrument, string tag, IEnumerable<string> values)
    {
        var counts = new ConcurrentDictionary<string, long>(values.Select(v => KeyValuePair.Create(v, 0L)), StringComparer.Ordinal);
        _meter.CreateObservableCounter(
            instrument.Name, () => counts.Select(c => new Measurement<long>(c.Value, new KeyValuePair<string, object?>(tag, c.Key))),
            instrument.Unit, instrument.Description);
        return counts;
    }

    private Histogram<double> Histogram(Instrument instrument) => _meter.CreateHistogram<double>(instrument.Name, instrument.Unit, instrument.Description);

    private void Gauge<T>(Instrument instrument, Func<StudyMetrics, IEnumerable<Measurement<T>>> read)
        where T : struct, INumber<T> => Observe(instrument, () => _study is { } study ? read(study).Where(m => T.IsFinite(m.Value)) : []);

    private void Observe<T>(Instrument instrument, Func<IEnumerable<Measurement<T>>> read)
        where T : struct => _meter.CreateObservableGauge(instrument.Name, read, instrument.Unit, instrument.Description);
}
