using ElasticityStream.Host.Progress;

namespace ElasticityStream.Host.Tests.Progress;

public sealed class ProgressReporterTests
{
    private readonly FakeTime _time = new();
    private readonly StringWriter _error = new();

    private static ProgressSnapshot Training(long step, string model = "relu", long? total = 20_000) =>
        new("training", model, step, total, 0.1234, 0.6432, TimeSpan.FromSeconds(step / 1_000.0));

    private string[] Lines => _error.ToString().Split('\n')[..^1];

    [Fact]
    public void Plain_line_is_written_every_five_seconds_when_there_is_no_terminal()
    {
        using var reporter = new ProgressReporter(_error, terminalWidth: null, _time);
        for (var tick = 0; tick <= 50; tick++)
        {
            reporter.Report(Training(tick * 250));
            _time.Advance(ProgressReporter.RedrawInterval);
        }

        Assert.Equal(
            [
                "0:00:00  training  relu  step 0/20,000 (0 %)  loss 0.123  index 0.643",
                "0:00:05  training  relu  step 5,000/20,000 (25 %)  1,000 steps/s  0:00:15 left  loss 0.123  index 0.643",
                "0:00:10  training  relu  step 10,000/20,000 (50 %)  1,000 steps/s  0:00:10 left  loss 0.123  index 0.643",
            ],
            Lines);
    }

    [Fact]
    public void Line_is_written_at_once_when_the_phase_or_the_model_changes()
    {
        using var reporter = new ProgressReporter(_error, terminalWidth: null, _time);
        reporter.Report(Training(1));
        _time.Advance(ProgressReporter.RedrawInterval);
        reporter.Report(Training(2));
        _time.Advance(ProgressReporter.RedrawInterval);
        reporter.Report(Training(0, "identity"));
        _time.Advance(ProgressReporter.RedrawInterval);
        reporter.Report(new ProgressSnapshot("clustering", "identity", 0, null, null, null, TimeSpan.FromHours(30)));
        _time.Advance(ProgressReporter.RedrawInterval);

        Assert.Equal(3, Lines.Length);
        Assert.Contains("identity  step 0/20,000", Lines[1], StringComparison.Ordinal);
        Assert.Equal("30:00:00  clustering  identity", Lines[2]);
    }

    [Fact]
    public void Last_snapshot_is_shown_when_it_came_after_the_last_line()
    {
        var reporter = new ProgressReporter(_error, terminalWidth: null, _time);
        reporter.Report(Training(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        reporter.Report(Training(20_000));

        reporter.Dispose();
        reporter.Dispose();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(2, Lines.Length);
        Assert.Contains("20,000/20,000 (100 %)", Lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("left", Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Line_is_redrawn_in_place_and_fits_when_there_is_a_terminal()
    {
        const int Width = 70;
        var reporter = new ProgressReporter(_error, () => Width, _time);
        reporter.Report(Training(5_000));
        _time.Advance(TimeSpan.FromSeconds(1));
        reporter.Dispose();

        var frames = _error.ToString().TrimEnd('\n').Split("\r\u001b[K")[1..];
        Assert.Equal(5, frames.Length);
        Assert.All(frames, frame => Assert.Equal(Width - 1, frame.Length));
        Assert.StartsWith("training relu [==>     ]  25 %  5,000/20,000  ", frames[0], StringComparison.Ordinal);
        Assert.EndsWith("index 0.643", frames[0], StringComparison.Ordinal);
        Assert.EndsWith("\n", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Terminal_line_shows_the_time_spent_instead_of_a_bar_when_the_end_is_not_known()
    {
        var line = ProgressLine.ForTerminal(Training(90_000, total: null), 3.24, 200);

        Assert.Equal("training relu 0:01:30  step 90,000  3.2 steps/s  loss 0.123  index 0.643", line);
    }

    [Fact]
    public void Time_left_is_bounded_when_the_rate_is_next_to_nothing() =>
        Assert.Contains("left", ProgressLine.ForLog(Training(0, total: long.MaxValue), 1e-300), StringComparison.Ordinal);

    [Fact]
    public void Rate_follows_the_new_speed_within_its_memory_and_forgets_another_model()
    {
        var rate = new StepRate(TimeSpan.FromSeconds(5));
        rate.Observe(0, TimeSpan.Zero);
        Assert.Null(rate.PerSecond);
        for (var second = 1; second <= 60; second++)
            rate.Observe(second * 100, TimeSpan.FromSeconds(second));
        Assert.Equal(100, rate.PerSecond!.Value, 9);

        for (var second = 1; second <= 5; second++)
            rate.Observe(6_000 + (second * 200), TimeSpan.FromSeconds(60 + second));
        Assert.Equal(200 - (100 / Math.E), rate.PerSecond!.Value, 3);

        rate.Observe(0, TimeSpan.FromSeconds(66));
        Assert.Null(rate.PerSecond);
    }

    [Fact]
    public void Study_goes_on_when_standard_error_is_closed()
    {
        var closed = new StreamWriter(new MemoryStream());
        closed.Dispose();
        using var reporter = new ProgressReporter(closed, terminalWidth: null, _time);

        reporter.Report(Training(1));
        _time.Advance(TimeSpan.FromSeconds(30));
        reporter.Report(Training(2));
        _time.Advance(TimeSpan.FromSeconds(30));
    }
}
