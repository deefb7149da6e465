using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Plots;
using ElasticityStream.Host.Progress;
using ElasticityStream.Host.Telemetry;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Live;

/// <summary>
/// A run as those see it who look at its page: read twice a second, whether anybody looks or not, from snapshots that the study leaves behind.
/// There is no queue for a viewer: each takes what is there when it is ready for more, so that one who is slow, or never reads, misses moments and
/// holds up nobody.
/// </summary>
internal sealed class LiveRun : IAsyncDisposable
{
    /// <summary>The time between two readings.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private const int Colors = 64;
    private static readonly TimeSpan RateMemory = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(2);

    private readonly ElasticityMeter _meter;
    private readonly LiveProgress _progress;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly InstrumentReader _reader;
    private readonly LiveHistory _history;
    private readonly Dictionary<string, long> _steps;
    private readonly StepRate _rate = new(RateMemory);
    private readonly CancellationTokenSource _closed = new();
    private readonly ConditionalWeakTable<SimilarityPicture, string> _pictures = [];
    private readonly SseItem<string> _identity;
    private readonly long _start;
    private readonly Task _reading;
    private ProgressSnapshot? _before;
    private volatile LiveEnd? _end;
    private volatile Frame _frame;

    /// <summary>Begins to read.</summary>
    /// <param name="run">The run.</param>
    /// <param name="meter">Its meter.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told where reading fails, which ends the page and not the study.</param>
    /// <param name="past">What was measured before the run was resumed; null if it begins.</param>
    public LiveRun(RunIdentity run, ElasticityMeter meter, LiveProgress progress, TimeProvider time, ILogger log, LivePast? past = null)
    {
        _history = new LiveHistory(past?.Moments ?? []);
        _steps = past?.Reached.ToDictionary(r => r.Model, r => r.Steps) ?? [];
        _meter = meter;
        _progress = progress;
        _time = time;
        _log = log;
        _start = time.GetTimestamp();
        _reader = new InstrumentReader(meter);
        var version = typeof(LiveRun).Assembly.GetName().Version?.ToString(3) ?? "";
        _identity = Event("run", new LiveIdentity(run.Study, run.Run, run.Model, run.Source, version, LivePanels.Charts, LivePanels.Figures), LiveJson.Default.LiveIdentity);
        _frame = Read();
        _reading = ReadAsync();
    }

    /// <summary>Says how the run ended; viewers are told, and leave.</summary>
    public void End(string outcome, string? message)
    {
        _end = new LiveEnd(outcome, message);
        _closed.Cancel();
    }

    /// <summary>What one viewer is sent: the run, then what has changed whenever the viewer is ready for more, until the run ends.</summary>
    public async IAsyncEnumerable<SseItem<string>> WatchAsync(LiveView view, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return _identity;
        var (generation, sent) = (-1, 0);
        SimilarityPicture? shown = null;
        while (true)
        {
            var frame = _frame;
            var history = frame.History;
            yield return Event("status", frame.Status, LiveJson.Default.LiveStatus);
            yield return history.Generation == generation
                ? Event("rows", new LiveRowsMessage(history.From(sent).Select(Values), Values(history.Latest)), LiveJson.Default.LiveRowsMessage)
                : Event("history", new LiveHistoryMessage(history.Series, history.All.Select(Values), Values(history.Latest)), LiveJson.Default.LiveHistoryMessage);
            (generation, sent) = (history.Generation, history.Count);

            if (_meter.Study is { } study)
            {
                study.Similarity.Ask();
                if (Chosen(study.Similarity.Latest, view) is { } picture && picture != shown)
                {
                    shown = picture;
                    yield return new SseItem<string>(_pictures.GetValue(picture, p => Describe(study.Model, p)), "similarity");
                }
            }

            if (frame.End is { } end)
            {
                yield return Event("end", end, LiveJson.Default.LiveEnd);
                yield break;
            }

            await frame.Passed.Task.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_end is null)
            End("failed", null);
        await _reading;
        _reader.Dispose();
        _closed.Dispose();
    }

    private static SimilarityPicture? Chosen(IReadOnlyList<SimilarityPicture> pictures, LiveView view)
    {
        var ofMeasure = pictures.Where(p => p.Measure == view.Measure).ToArray();
        return ofMeasure.FirstOrDefault(p => p.GroupKind == view.Order) ?? ofMeasure.FirstOrDefault();
    }

    private static string Describe(string model, SimilarityPicture picture)
    {
        var cells = picture.Cells;
        var range = ColorRange.Of([.. cells.Side > 1 ? cells.OffDiagonal() : cells.Means]);
        var colors = Enumerable.Range(0, Colors).Select(k => range.Colormap.GetColor(k / (Colors - 1.0)).ToHex());
        return JsonSerializer.Serialize(
            new LiveSimilarity(
                model, picture.Measure, picture.GroupKind, picture.Step, picture.Probes, cells.PerCell, cells.Side, cells.Means,
                [.. picture.Groups.Select(g => new LiveGroup(g.Name, g.Start, g.Count))], range.Low, range.High, range.Diverging, range.Explanation, [.. colors]),
            LiveJson.Default.LiveSimilarity);
    }

    private static SseItem<string> Event<T>(string name, T value, JsonTypeInfo<T> type) =>
        new(JsonSerializer.Serialize(value, type), name) { ReconnectionInterval = ReconnectAfter };

    private static double?[] Values(LiveRow row) => [row.At is { } at ? Seconds(at) : null, .. row.Values];

    // JSON has no other numbers.
    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;

    private static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;

    private async Task ReadAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            try
            {
                while (await timer.WaitForNextTickAsync(_closed.Token))
                    Show(Read());
            }
            catch (OperationCanceledException) when (_closed.IsCancellationRequested)
            {
                // The run is over: what it measured last is shown too.
                Show(Read());
            }
        }
        catch (Exception e)
        {
            _log.LivePageFailed(e);
            Show(_frame with { End = new LiveEnd(null, $"The page cannot go on: {e.Message} The study goes on."), Passed = new TaskCompletionSource() });
        }
    }

    private void Show(Frame next)
    {
        var before = _frame;
        _frame = next;
        before.Passed.TrySetResult();
    }

    private Frame Read()
    {
        if (_meter.Study?.Similarity.Failure is { } failure)
            throw new InvalidOperationException($"The similarity matrix could not be drawn: {failure.Message}", failure);
        // The counters of steps begin at 0 in every process, and count those taken again: a place on the charts they are not.
        if (_meter.Study is { Steps: { } steps } study)
            _steps[study.Model] = steps;
        var history = _history.Add(_time.GetUtcNow(), [.. _steps.Select(s => (LiveSeries.StepsOf(s.Key), (double)s.Value)), .. _reader.Read()]);
        return new Frame(Status(), history, _end, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    private LiveStatus Status()
    {
        var state = _meter.State.ToString().ToLowerInvariant();
        if (_progress.Latest is not { } now)
            return new LiveStatus(state, null, null, null, null, null, null, null, null, null);
        if (_before is null || _before.Phase != now.Phase || _before.Model != now.Model)
            _rate.Reset();
        _before = now;
        var elapsed = _time.GetElapsedTime(_start);
        _rate.Observe(now.Step, elapsed);
        return new LiveStatus(
            state, now.Phase, now.Model, now.CountsSteps ? now.Step : null, now.TotalSteps, _rate.PerSecond, now.Left(_rate.PerSecond)?.TotalSeconds,
            elapsed.TotalSeconds, Finite(now.Loss), Finite(now.Index));
    }

    /// <summary>What viewers see between two readings.</summary>
    private sealed record Frame(LiveStatus Status, LiveHistorySnapshot History, LiveEnd? End, TaskCompletionSource Passed);
}
