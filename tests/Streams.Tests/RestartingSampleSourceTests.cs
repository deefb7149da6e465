using ElasticityStream.Streams.Tests.Fixtures;

namespace ElasticityStream.Streams.Tests;

public sealed class RestartingSampleSourceTests : IDisposable
{
    private readonly ObservedTime _time = new();
    private readonly List<SourceRestart> _restarts = [];
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    // What never comes fails the test instead of hanging the suite.
    public RestartingSampleSourceTests() => _patience.CancelAfter(TimeSpan.FromMinutes(1));

    public static TheoryData<Exception> TransientFailures =>
    [
        new SampleSourceException("the server is away") { IsTransient = true },
        new IOException("the disk does not answer"),
        new TimeoutException(),
        // A time-out of the source's own: nobody cancelled the reading.
        new TaskCanceledException(),
        new InvalidOperationException(),
    ];

    public void Dispose() => _patience.Dispose();

    [Theory]
    [MemberData(nameof(TransientFailures))]
    public async Task Source_goes_on_after_the_last_sample_when_a_failure_passes(Exception failure)
    {
        var source = new FlakySource(6, (opening, position) => opening == 1 && position == 4 ? failure : null);

        Assert.Equal([0L, 1, 2, 3, 4, 5], await ReadAsync(Restarting(source), waits: [1]));

        Assert.Equal([0L, 4], source.Openings);
        Assert.Equal(2, source.Closings);
        Assert.Equal([new SourceRestart(4, 1, TimeSpan.FromSeconds(1), failure)], _restarts);
    }

    [Fact]
    public async Task Source_goes_on_where_it_was_opened_when_it_fails_before_its_first_sample()
    {
        var source = new FlakySource(6, (_, _) => null) { OpeningFailure = opening => opening == 1 ? new IOException() : null };

        Assert.Equal([4L, 5], await ReadAsync(Restarting(source), waits: [1], position: 4));

        Assert.Equal([4L, 4], source.Openings);
    }

    [Fact]
    public async Task Source_that_fails_after_its_last_sample_ends_there()
    {
        var source = new FlakySource(3, (opening, position) => opening == 1 && position == 3 ? new IOException() : null);

        Assert.Equal([0L, 1, 2], await ReadAsync(Restarting(source), waits: [1]));

        Assert.Equal([0L, 3], source.Openings);
    }

    [Fact]
    public async Task Waits_double_up_to_a_minute_and_start_anew_after_a_sample()
    {
        var source = new FlakySource(3, (opening, position) => (opening, position) switch
        {
            ( <= 8, 1) => new IOException(),
            ( <= 10, 2) => new IOException(),
            _ => null,
        });

        await ReadAsync(Restarting(source, retries: 8), waits: [1, 2, 4, 8, 16, 32, 60, 60, 1, 2]);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 1, 2], _restarts.Select(restart => restart.Attempt));
        Assert.Equal([1.0, 2, 4, 8, 16, 32, 60, 60, 1, 2], _restarts.Select(restart => restart.Delay.TotalSeconds));
        Assert.Equal([.. Enumerable.Repeat(1L, 8), 2, 2], _restarts.Select(restart => restart.Position));
    }

    [Fact]
    public async Task Source_is_left_alone_until_the_wait_is_over()
    {
        var source = new FlakySource(1, (opening, _) => opening == 1 ? new IOException() : null);
        var reading = Restarting(source).AllAsync();
        await _time.Waits.ReachesAsync(1).WaitAsync(_patience.Token);

        _time.Advance(TimeSpan.FromSeconds(0.999));
        Assert.Single(source.Openings);
        // It is closed while it is left alone, and nothing is held open.
        Assert.Equal(1, source.Closings);

        _time.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Single(await reading.WaitAsync(_patience.Token));
    }

    [Fact]
    public async Task Source_is_given_up_after_the_allowed_tries_in_a_row()
    {
        var cause = new IOException("the disk does not answer");
        var source = new FlakySource(9, (_, position) => position == 7 ? cause : null);

        var failure = await Assert.ThrowsAsync<SampleSourceException>(() => ReadAsync(Restarting(source, retries: 3), waits: [1, 2, 4]));

        Assert.Equal(
            "The source cannot be read from position 7 on. It was tried 4 times in a row (source.retries: 3), the last time it ended with: the disk does not answer",
            failure.Message);
        Assert.Same(cause, failure.InnerException);
        Assert.False(failure.IsTransient);
        Assert.Equal([0L, 7, 7, 7], source.Openings);
        Assert.Equal(4, source.Closings);
        Assert.Equal(3, _restarts.Count);
    }

    [Fact]
    public async Task Source_fails_at_once_when_no_retry_is_allowed()
    {
        var failure = await Assert.ThrowsAsync<SampleSourceException>(
            () => ReadAsync(Restarting(new FlakySource(2, (_, _) => new IOException("torn")), retries: 0), waits: []));

        Assert.Equal("The source cannot be read from position 0 on. It was tried once (source.retries: 0), which ended with: torn", failure.Message);
        Assert.Empty(_restarts);
    }

    [Fact]
    public async Task Failure_that_does_not_pass_is_the_readers_own_at_once()
    {
        var cause = new SampleSourceException("row 7 is malformed");
        var source = new FlakySource(9, (_, position) => position == 7 ? cause : null);

        Assert.Same(cause, await Assert.ThrowsAsync<SampleSourceException>(() => ReadAsync(Restarting(source), waits: [])));

        Assert.Equal(1, source.Closings);
        Assert.Empty(_restarts);
    }

    [Fact]
    public async Task Lack_of_memory_is_told_in_the_users_words_and_not_tried_again()
    {
        var cause = new InsufficientMemoryException();
        var source = new FlakySource(9, (_, position) => position == 7 ? cause : null);

        var failure = await Assert.ThrowsAsync<SampleSourceException>(() => ReadAsync(Restarting(source), waits: []));

        Assert.Contains("not enough memory to read the sample at position 7", failure.Message, StringComparison.Ordinal);
        Assert.Same(cause, failure.InnerException);
        Assert.Single(source.Openings);
    }

    [Fact]
    public async Task Failure_to_close_does_not_hide_the_first_one_nor_cost_a_sample()
    {
        var cause = new SampleSourceException("row 7 is malformed");
        var malformed = new UnclosableSource(new FlakySource(9, (_, position) => position == 7 ? cause : null));
        var torn = new UnclosableSource(new FlakySource(9, (opening, position) => opening == 1 && position == 7 ? new IOException("torn") : null));

        Assert.Same(cause, await Assert.ThrowsAsync<SampleSourceException>(() => ReadAsync(Restarting(malformed), waits: [])));
        Assert.Equal(9, (await ReadAsync(Restarting(torn), waits: [1])).Count);
        Assert.Equal("torn", Assert.Single(_restarts).Cause.Message);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new FlakySource(2, (_, position) => position == 1 ? new IOException() : null);
        var reading = Restarting(source).OpenAsync(0, cancellation.Token).GetAsyncEnumerator(cancellation.Token);
        Assert.True(await reading.MoveNextAsync());
        var next = reading.MoveNextAsync().AsTask();
        await _time.Waits.ReachesAsync(1).WaitAsync(_patience.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(_patience.Token));
        Assert.Single(source.Openings);
        Assert.Equal(1, source.Closings);
    }

    [Fact]
    public async Task Cancelled_reading_is_not_tried_again_whatever_the_source_says_then()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new FlakySource(5, (_, position) =>
        {
            if (position < 3)
                return null;
            cancellation.Cancel();
            return new IOException("the connection was aborted");
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Restarting(source).OpenAsync(0, cancellation.Token))
            {
            }
        });

        Assert.Empty(_restarts);
    }

    [Fact]
    public async Task Reader_that_leaves_early_closes_the_source()
    {
        var source = new FlakySource(5, (_, _) => null);

        await foreach (var sample in Restarting(source).OpenAsync(0, _patience.Token))
        {
            if (sample.Position == 2)
                break;
        }

        Assert.Equal(1, source.Closings);
    }

    [Fact]
    public async Task What_the_callback_throws_ends_the_reading()
    {
        var source = new RestartingSampleSource(
            new FlakySource(2, (_, _) => new IOException()), 5, _ => throw new UnauthorizedAccessException("the run directory is gone"), _time);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => source.AllAsync());
        Assert.Equal(0, _time.Waits.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Schema_and_seeking_are_the_sources_own(bool canSeek)
    {
        var source = new FlakySource(2, (_, _) => null) { CanSeek = canSeek };

        Assert.Same(source.Schema, Restarting(source).Schema);
        Assert.Equal(canSeek, Restarting(source).CanSeek);
    }

    [Fact]
    public void Retries_cannot_be_negative() => Assert.Throws<ArgumentOutOfRangeException>(() => Restarting(ListSource.Of(1), retries: -1));

    private RestartingSampleSource Restarting(ISampleSource source, int retries = 5) => new(source, retries, _restarts.Add, _time);

    /// <summary>Reads to the end, and moves the clock by each of the waits, in seconds, once it has begun.</summary>
    private async Task<List<long>> ReadAsync(RestartingSampleSource source, int[] waits, long position = 0)
    {
        var reading = source.AllAsync(position);
        for (var i = 0; i < waits.Length; i++)
        {
            await _time.Waits.ReachesAsync(i + 1).WaitAsync(_patience.Token);
            _time.Advance(TimeSpan.FromSeconds(waits[i]));
        }

        return [.. (await reading.WaitAsync(_patience.Token)).Select(sample => sample.Position)];
    }
}
