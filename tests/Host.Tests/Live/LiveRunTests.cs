using System.Net.ServerSentEvents;
using System.Text.Json;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Live;
using ElasticityStream.Host.Progress;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Telemetry;
using ElasticityStream.Host.Tests.RunFiles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ElasticityStream.Host.Tests.Live;

/// <summary>What viewers of a run are sent, on a clock that the test moves.</summary>
public sealed class LiveRunTests : IAsyncDisposable
{
    private static readonly LiveView View = new("kernelized", "class");

    private readonly ClockThatCanBreak _time = new();
    private readonly ElasticityMeter _meter;
    private readonly StudyMetrics _metrics;
    private readonly LiveProgress _progress = new(new Progress<ProgressSnapshot>());
    private readonly LiveRun _run;

    public LiveRunTests()
    {
        _meter = new ElasticityMeter(["feature-count"], ["metrics"], _time);
        _run = new LiveRun(new RunIdentity("study", "run-1", "784-16-1 relu", "mnist"), _meter, _progress, _time, NullLogger.Instance);
        _metrics = _meter.Begin("main");
    }

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        _meter.Dispose();
    }

    [Fact]
    public async Task Viewer_is_told_the_run_then_everything_so_far_then_what_is_new()
    {
        await using var viewer = Watch();
        Assert.Equal("run-1", (await NextAsync(viewer, "run")).GetProperty("run").GetString());
        Assert.Equal("starting", (await NextAsync(viewer, "status")).GetProperty("state").GetString());
        await NextAsync(viewer, "history");

        _metrics.Is(StudyState.Running);
        _metrics.Measured(32);
        _metrics.Training(loss: 0.25, accuracy: null);
        _metrics.Index([new ElasticityIndexRow(8, "online", "kernelized", 0.6, 0.51, 2, 1, 5, 0)]);
        _progress.Report(new ProgressSnapshot("training", "relu", 40, 100, 0.25, 0.6, TimeSpan.FromSeconds(1)));
        var status = await AfterAsync(viewer, LiveRun.Interval, "status");
        Assert.Equal("running", status.GetProperty("state").GetString());
        Assert.Equal((40, 100, 0.25, 0.6), (status.GetProperty("step").GetInt64(), status.GetProperty("total").GetInt64(), status.GetProperty("loss").GetDouble(), status.GetProperty("index").GetDouble()));

        // New series: everything is told again.
        var history = await NextAsync(viewer, "history");
        var series = history.GetProperty("series").EnumerateArray().Select(s => s.GetProperty("name").GetString()).ToList();
        var latest = history.GetProperty("latest").EnumerateArray().ToArray();
        Assert.Equal(0.25, latest[1 + series.IndexOf("elasticity.training.loss")].GetDouble());
        Assert.Equal(0.51, latest[1 + series.IndexOf("elasticity.index.reference")].GetDouble());
        Assert.Equal(32, latest[1 + series.IndexOf("steps")].GetDouble());
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0, latest[0].GetDouble());

        _progress.Report(new ProgressSnapshot("training", "relu", 60, 100, 0.2, 0.6, TimeSpan.FromSeconds(2)));
        status = await AfterAsync(viewer, LiveRun.Interval, "status");
        Assert.Equal(40, status.GetProperty("rate").GetDouble(), 1e-9);
        Assert.Equal(1, status.GetProperty("left").GetDouble());
        Assert.Single((await NextAsync(viewer, "rows")).GetProperty("rows").EnumerateArray());
    }

    [Fact]
    public async Task Viewer_of_a_resumed_run_is_told_what_was_measured_before_at_its_steps_and_without_times()
    {
        using var folder = new TemporaryFolder();
        using (var database = new RunDatabase(folder.File("run.db")))
        {
            database.RecordSteps([.. Enumerable.Range(0, 6).Select(k => new StepRow(k, 0, $"{k}", k, "primary", "5", 10 - k, 0, true, 0, 0))]);
        }

        var past = new LivePast();
        past.Add(folder.File("run.db"), "main", steps: 4, ofSweeps: false, window: 1);
        using var meter = new ElasticityMeter(["feature-count"], ["metrics"], _time);
        // Until the actors have gone back to the checkpoint, the study is where the past ends.
        var metrics = meter.Begin("main");
        await using var run = new LiveRun(new RunIdentity("study", "run-1", "784-16-1 relu", "mnist"), meter, _progress, _time, NullLogger.Instance, past);
        await using var viewer = run.WatchAsync(View, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await NextAsync(viewer, "run");
        await NextAsync(viewer, "status");
        var history = await NextAsync(viewer, "history");
        var series = history.GetProperty("series").EnumerateArray().Select(s => s.GetProperty("name").GetString()).ToList();
        var rows = history.GetProperty("rows").EnumerateArray().Select(r => r.EnumerateArray().ToArray()).ToArray();
        Assert.Equal([JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Number], rows.Select(r => r[0].ValueKind));
        Assert.Equal([1, 2, 3, 4, 4], rows.Select(r => r[1 + series.IndexOf("steps")].GetDouble()));
        Assert.Equal([10, 9, 8, 7], rows[..4].Select(r => r[1 + series.IndexOf("elasticity.training.loss")].GetDouble()));

        metrics.Measured(5);
        var status = viewer.MoveNextAsync();
        _time.Advance(LiveRun.Interval);
        Assert.True(await status);
        // The past is not sent again.
        var row = Assert.Single((await NextAsync(viewer, "rows")).GetProperty("rows").EnumerateArray());
        Assert.Equal(5, row[1 + series.IndexOf("steps")].GetDouble());
    }

    [Fact]
    public async Task Viewer_who_does_not_read_costs_nothing_and_finds_a_bounded_past()
    {
        await using var viewer = Watch();
        await NextAsync(viewer, "run");
        await NextAsync(viewer, "status");
        await NextAsync(viewer, "history");
        // A viewer who reads every moment tells that the readings were taken.
        await using var other = Watch();
        await NextAsync(other, "run");
        await NextAsync(other, "status");
        await NextAsync(other, "history");
        for (var k = 0; k < 3_000; k++)
        {
            await AfterAsync(other, LiveRun.Interval, "status");
            Assert.True(await other.MoveNextAsync());
        }

        await NextAsync(viewer, "status");
        var history = await NextAsync(viewer, "history");
        Assert.InRange(history.GetProperty("rows").GetArrayLength(), LiveHistory.MostRows / 2, LiveHistory.MostRows);
        // Not one event for every moment that was missed: the next waits for the next reading.
        var next = viewer.MoveNextAsync();
        Assert.False(next.IsCompleted);
        _time.Advance(LiveRun.Interval);
        Assert.True(await next);
    }

    [Fact]
    public async Task End_is_told_with_what_was_measured_last()
    {
        await using var viewer = Watch();
        await NextAsync(viewer, "run");
        await NextAsync(viewer, "status");
        await NextAsync(viewer, "history");
        _meter.SampleRejected("feature-count");
        _run.End("failed", "the disk is full");
        await NextAsync(viewer, "status");
        Assert.True(await viewer.MoveNextAsync());
        var end = await NextAsync(viewer, "end");
        Assert.Equal(("failed", "the disk is full"), (end.GetProperty("outcome").GetString(), end.GetProperty("message").GetString()));
        Assert.False(await viewer.MoveNextAsync());

        // Who comes now is told the same.
        await using var late = Watch();
        var events = new List<string>();
        while (await late.MoveNextAsync())
            events.Add(late.Current.EventType);
        Assert.Equal(["run", "status", "history", "end"], events);
    }

    [Fact]
    public async Task Matrix_that_cannot_be_drawn_ends_the_page_with_the_reason()
    {
        await using var viewer = Watch();
        await NextAsync(viewer, "run");
        await NextAsync(viewer, "status");
        await NextAsync(viewer, "history");
        _metrics.Similarity.Show(() => throw new InvalidOperationException("no ink"));
        await AfterAsync(viewer, LiveRun.Interval, "status");
        await NextAsync(viewer, "rows");
        var end = await NextAsync(viewer, "end");
        Assert.Equal("The page cannot go on: The similarity matrix could not be drawn: no ink The study goes on.", end.GetProperty("message").GetString());
        // The run has not ended.
        Assert.Equal(JsonValueKind.Null, end.GetProperty("outcome").ValueKind);
    }

    [Fact]
    public async Task Number_that_is_not_finite_is_left_out()
    {
        await using var viewer = Watch();
        await NextAsync(viewer, "run");
        await NextAsync(viewer, "status");
        await NextAsync(viewer, "history");
        _progress.Report(new ProgressSnapshot("training", "relu", 40, 100, double.PositiveInfinity, double.NaN, TimeSpan.FromSeconds(1)));
        var status = await AfterAsync(viewer, LiveRun.Interval, "status");
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (status.GetProperty("loss").ValueKind, status.GetProperty("index").ValueKind));
    }

    [Fact]
    public async Task Page_that_cannot_go_on_says_so_and_leaves_the_run_alone()
    {
        await using var viewer = Watch();
        await NextAsync(viewer, "run");
        await NextAsync(viewer, "status");
        await NextAsync(viewer, "history");
        _time.IsBroken = true;
        await AfterAsync(viewer, LiveRun.Interval, "status");
        await NextAsync(viewer, "rows");
        Assert.Contains("The study goes on.", (await NextAsync(viewer, "end")).GetProperty("message").GetString(), StringComparison.Ordinal);
        _time.IsBroken = false;
    }

    private IAsyncEnumerator<SseItem<string>> Watch() =>
        _run.WatchAsync(View, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

    private static async Task<JsonElement> NextAsync(IAsyncEnumerator<SseItem<string>> viewer, string type)
    {
        Assert.True(await viewer.MoveNextAsync());
        Assert.Equal(type, viewer.Current.EventType);
        return JsonDocument.Parse(viewer.Current.Data).RootElement;
    }

    // The viewer waits first, so that it sees the very next reading.
    private async Task<JsonElement> AfterAsync(IAsyncEnumerator<SseItem<string>> viewer, TimeSpan time, string type)
    {
        var next = viewer.MoveNextAsync();
        _time.Advance(time);
        Assert.True(await next);
        Assert.Equal(type, viewer.Current.EventType);
        return JsonDocument.Parse(viewer.Current.Data).RootElement;
    }

    private sealed class ClockThatCanBreak : FakeTimeProvider
    {
        public bool IsBroken { get; set; }

        public override DateTimeOffset GetUtcNow() => IsBroken ? throw new InvalidOperationException("The clock is broken.") : base.GetUtcNow();
    }
}
