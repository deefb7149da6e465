using System.Diagnostics.Metrics;
using ElasticityStream.Actors.Recording;

namespace ElasticityStream.Actors.Telemetry;

/// <summary>
/// What is measured of one model's study while it runs. Each actor tells what it did; gauges read immutable snapshots of that, whenever somebody
/// asks. Every member is for any thread, but each of those that tell is called by one actor at a time.
/// </summary>
public sealed class StudyMetrics
{
    private readonly ElasticityMeter _meter;
    private readonly KeyValuePair<string, object?> _model;
    private readonly TimeProvider _time;
    private readonly ClassPairReadings _classPairs = new();
    private long _begun;
    private long _trained;
    private long _accumulated;
    private long _steps = -1;
    private long _waitingSince;
    private volatile bool _isWaiting;
    private volatile CheckpointReading? _checkpoint;
    private volatile TrainingReading? _training;
    private volatile IReadOnlyList<ElasticityIndexRow> _indices = [];
    private volatile IReadOnlyList<ClassPairRow> _pairs = [];
    private volatile IReadOnlyList<ClusteringRow> _clusterings = [];

    internal StudyMetrics(ElasticityMeter meter, string model, TimeProvider time)
    {
        _meter = meter;
        _model = new("model", model);
        _time = time;
        Model = model;
        Similarity = new SimilarityTap(time);
        foreach (var role in Enum.GetValues<SampleRole>())
            _meter.Steps.Add(0, _model, Role(role));
        _meter.Rewinds.Add(0, _model);
        RowsAccumulated(0, 0);
    }

    /// <summary>"main" or "contrast".</summary>
    public string Model { get; }

    /// <summary>Shows the matrices.</summary>
    public SimilarityTap Similarity { get; }

    /// <summary>The run's state.</summary>
    public void Is(StudyState state) => _meter.State = state;

    /// <summary>The trainer has nothing to do until the source has another block.</summary>
    public void Waiting()
    {
        Volatile.Write(ref _waitingSince, _time.GetTimestamp());
        _isWaiting = true;
    }

    /// <summary>Whether a block was given to the trainer and is not accumulated yet.</summary>
    public bool HasBlocksInFlight => Beyond(ref _begun) > 0;

    /// <summary>The source has ended.</summary>
    public void WaitingNoMore() => _isWaiting = false;

    /// <summary>The trainer was given a block.</summary>
    public void BlockBegun()
    {
        _isWaiting = false;
        Interlocked.Increment(ref _begun);
    }

    /// <summary>The trainer has stepped through a block.</summary>
    public void BlockTrained() => Interlocked.Increment(ref _trained);

    /// <summary>The rows of a block are in the matrices.</summary>
    public void BlockAccumulated() => Interlocked.Increment(ref _accumulated);

    /// <summary>The trainer has taken steps.</summary>
    /// <param name="samples">Their samples, in order.</param>
    /// <param name="elapsed">How long the call took.</param>
    public void StepsTaken(IReadOnlyList<Sample> samples, TimeSpan elapsed)
    {
        var primary = samples.Count(s => s.Role == SampleRole.Primary);
        _meter.Steps.Add(primary, _model, Role(SampleRole.Primary));
        _meter.Steps.Add(samples.Count - primary, _model, Role(SampleRole.Auxiliary));
        if (!_meter.StepDuration.Enabled)
            return;
        var each = elapsed.TotalSeconds / samples.Count;
        for (var b = 0; b < samples.Count; b++)
            _meter.StepDuration.Record(each, _model);
    }

    /// <summary>An evaluator has answered a request.</summary>
    public void Probed(string engine, TimeSpan elapsed) =>
        _meter.ProbeDuration.Record(elapsed.TotalSeconds, _model, new KeyValuePair<string, object?>("engine", engine));

    /// <summary>Rows were normalised, or could not be.</summary>
    public void RowsAccumulated(long good, long degenerate)
    {
        _meter.Rows.Add(good, _model, new KeyValuePair<string, object?>("outcome", "ok"));
        _meter.Rows.Add(degenerate, _model, new KeyValuePair<string, object?>("outcome", "degenerate"));
    }

    /// <summary>How many steps the study has measured: unlike the counters also those before a resume, and none twice; null while it starts.</summary>
    public long? Steps => Volatile.Read(ref _steps) is var steps and >= 0 ? steps : null;

    /// <summary>What is measured is that of so many steps.</summary>
    public void Measured(long steps) => Volatile.Write(ref _steps, steps);

    /// <summary>The means over the latest steps.</summary>
    public void Training(double? loss, double? accuracy) => _training = new TrainingReading(loss, accuracy);

    /// <summary>The elasticity indices so far, one a measure.</summary>
    public void Index(IReadOnlyList<ElasticityIndexRow> indices) => _indices = indices;

    /// <summary>The similarities between classes, those of the latest interval; a pair without a step in it keeps the value it had.</summary>
    public void ClassPairs(IReadOnlyList<ClassPairRow> interval) => _pairs = _classPairs.Update(interval);

    /// <summary>The latest clusterings, one a measure and method.</summary>
    public void Clustered(IReadOnlyList<ClusteringRow> clusterings) => _clusterings = clusterings;

    /// <summary>Checkpoints will be saved: the age of the first counts from now on.</summary>
    public void CheckpointsExpected() => _checkpoint = new CheckpointReading(_time.GetTimestamp(), null);

    /// <summary>A checkpoint is saved.</summary>
    /// <param name="elapsed">How long saving took, on a thread of its own.</param>
    /// <param name="bytes">How large it is.</param>
    public void CheckpointSaved(TimeSpan elapsed, long bytes)
    {
        _meter.CheckpointDuration.Record(elapsed.TotalSeconds, _model);
        _checkpoint = new CheckpointReading(_time.GetTimestamp(), bytes);
    }

    /// <summary>The actors went back to a checkpoint: what was in flight is not any more.</summary>
    public void Rewound()
    {
        _meter.Rewinds.Add(1, _model);
        Volatile.Write(ref _begun, Volatile.Read(ref _accumulated));
        Volatile.Write(ref _trained, Volatile.Read(ref _accumulated));
    }

    /// <summary>Ends the series that can end.</summary>
    public void End() => _meter.End(this);

    internal bool IsQuiet(TimeSpan period) =>
        _isWaiting && Beyond(ref _begun) == 0 && _time.GetElapsedTime(Volatile.Read(ref _waitingSince)) >= period;

    internal IEnumerable<Measurement<long>> InFlight() => One(Beyond(ref _begun));

    internal IEnumerable<Measurement<long>> Lag() => One(Beyond(ref _trained));

    internal IEnumerable<Measurement<double>> CheckpointAge() =>
        One(_checkpoint is { } saved ? _time.GetElapsedTime(saved.Timestamp).TotalSeconds : null);

    internal IEnumerable<Measurement<long>> CheckpointSize() => _checkpoint?.Bytes is { } bytes ? One(bytes) : [];

    internal IEnumerable<Measurement<double>> Loss() => One(_training?.Loss);

    internal IEnumerable<Measurement<double>> Accuracy() => One(_training?.Accuracy);

    internal IEnumerable<Measurement<double>> Indices() => _indices.Where(i => i.Index is not null).Select(i => new Measurement<double>(i.Index!.Value, _model, Measure(i.Measure)));

    internal IEnumerable<Measurement<double>> References() =>
        _indices.Where(i => i.Reference is not null).Select(i => new Measurement<double>(i.Reference!.Value, _model, Measure(i.Measure)));

    internal IEnumerable<Measurement<double>> Similarities() =>
        _pairs.Select(p => new Measurement<double>(p.Mean, _model, Measure(p.Measure), new("from", p.From), new("to", p.To)));

    internal IEnumerable<Measurement<double>> Clusterings(Func<ClusteringRow, double?> score) => _clusterings
        .Where(c => score(c) is not null)
        .Select(c => new Measurement<double>(score(c)!.Value, _model, Measure(c.Measure), Method(c)));

    internal IEnumerable<Measurement<int>> ClusterSizes() => _clusterings.SelectMany(c => c.ClusterSizes.Select(
        (size, cluster) => new Measurement<int>(size, _model, Measure(c.Measure), Method(c), new("cluster", Names.OfCluster(cluster)))));

    private static KeyValuePair<string, object?> Role(SampleRole role) => new("role", Names.Of(role));

    private static KeyValuePair<string, object?> Measure(string measure) => new("measure", measure);

    private static KeyValuePair<string, object?> Method(ClusteringRow row) => new("method", row.Method);

    // Blocks that have come so far and are not accumulated. What is behind is read first: the other count only grows meanwhile.
    private long Beyond(ref long count)
    {
        var accumulated = Volatile.Read(ref _accumulated);
        return Volatile.Read(ref count) - accumulated;
    }

    private IEnumerable<Measurement<double>> One(double? value) => value is { } v ? [new(v, _model)] : [];

    private IEnumerable<Measurement<long>> One(long value) => [new(value, _model)];

    private sealed record CheckpointReading(long Timestamp, long? Bytes);

    private sealed record TrainingReading(double? Loss, double? Accuracy);
}
