using ElasticityStream.Streams.Tests.Fixtures;

namespace ElasticityStream.Streams.Tests;

public sealed class ReplayBufferTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly LiveSource _source = new();
    private ReplayBuffer _buffer;

    public ReplayBufferTests() => _buffer = new ReplayBuffer(_source, capacity: 100);

    // What never comes fails the test instead of hanging the suite.
    private CancellationToken Cancellation => _patience.Token;

    public ValueTask InitializeAsync()
    {
        _patience.CancelAfter(TimeSpan.FromMinutes(1));
        return ValueTask.CompletedTask;
    }

    /// <summary>Every test ends with the check that the live enumeration has.</summary>
    public async ValueTask DisposeAsync()
    {
        await _buffer.DisposeAsync();
        await _buffer.DisposeAsync();
        Assert.Equal(_source.Openings.Count, _source.Closed.Value);
        _patience.Dispose();
    }

    [Fact]
    public async Task Buffer_emits_the_kept_samples_from_any_position_and_goes_on_with_the_live_ones()
    {
        _source.Emit(5);
        await using (var first = Open(0))
            await TakeAsync(first, 0, 1, 2, 3, 4);

        for (var position = 0; position <= 5; position++)
        {
            await using var again = Open(position);
            await TakeAsync(again, Enumerable.Range(position, 5 - position));
        }

        _source.Emit(2);
        await using var last = Open(3);
        await TakeAsync(last, 3, 4, 5, 6);
        Assert.Equal([0L], _source.Openings);
        Assert.Equal(7, _buffer.Count);
    }

    [Fact]
    public async Task Buffer_asks_for_no_sample_before_its_reader_does()
    {
        _source.Emit(5);
        await using var reader = Open(0);

        for (var taken = 1; taken <= 5; taken++)
        {
            await TakeAsync(reader, taken - 1);
            Assert.Equal(taken, _source.Asked.Value);
        }
    }

    [Fact]
    public async Task Sample_that_a_cancelled_reader_waited_for_is_the_next_readers()
    {
        using var cancellation = new CancellationTokenSource();
        _source.Emit(2);
        var first = _buffer.OpenAsync(0, cancellation.Token).GetAsyncEnumerator(Cancellation);
        await TakeAsync(first, 0, 1);
        var waiting = first.MoveNextAsync().AsTask();
        await _source.Asked.ReachesAsync(3).WaitAsync(Cancellation);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Cancellation));
        await first.DisposeAsync();
        // It comes while nobody reads.
        _source.Emit(2);

        await using var second = Open(1);
        await TakeAsync(second, 1, 2, 3);
        Assert.Equal([0L], _source.Openings);
        Assert.Equal(4, _source.Asked.Value);
    }

    [Fact]
    public async Task Sample_that_comes_after_a_new_reader_waits_for_it_is_that_readers()
    {
        using var cancellation = new CancellationTokenSource();
        var first = _buffer.OpenAsync(0, cancellation.Token).GetAsyncEnumerator(Cancellation);
        var waiting = first.MoveNextAsync().AsTask();
        await _source.Asked.ReachesAsync(1).WaitAsync(Cancellation);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Cancellation));

        // The first reader is not even disposed when the second takes up its wait.
        await using var second = Open(0);
        var next = second.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        _source.Emit();

        Assert.True(await next.WaitAsync(Cancellation));
        Assert.Equal(0, second.Current.Position);
        Assert.Equal(1, _source.Asked.Value);
        await first.DisposeAsync();
        _source.Emit();
        await TakeAsync(second, 1);
    }

    [Fact]
    public async Task Reader_that_waits_ends_when_another_takes_over_and_takes_nothing_with_it()
    {
        _source.Emit(3);
        var first = Open(0);
        await TakeAsync(first, 0, 1, 2);
        var waiting = first.MoveNextAsync().AsTask();
        await _source.Asked.ReachesAsync(4).WaitAsync(Cancellation);

        await using var second = Open(1);
        await TakeAsync(second, 1);

        var failure = await Assert.ThrowsAsync<SampleSourceException>(() => waiting.WaitAsync(Cancellation));
        Assert.False(failure.IsTransient);
        _source.Emit(2);
        await TakeAsync(second, 2, 3, 4);
        // Its end, however late, is not the new reader's.
        await first.DisposeAsync();
        _source.Emit();
        await TakeAsync(second, 5);
        Assert.Equal([0L], _source.Openings);
    }

    [Fact]
    public async Task Reader_that_is_between_two_samples_ends_when_another_has_taken_over()
    {
        _source.Emit(4);
        await using var first = Open(0);
        await TakeAsync(first, 0, 1);
        await using var second = Open(0);
        await TakeAsync(second, 0);

        var failure = await Assert.ThrowsAsync<SampleSourceException>(async () => await first.MoveNextAsync());

        Assert.Contains("read by somebody else now; this reading ended before position 2", failure.Message, StringComparison.Ordinal);
        await TakeAsync(second, 1, 2, 3);
    }

    [Fact]
    public async Task Enumeration_takes_over_when_it_is_read_and_not_when_it_is_made()
    {
        _source.Emit(2);
        await using var first = Open(0);
        await using var unread = Open(0);
        await TakeAsync(first, 0, 1);
    }

    [Fact]
    public async Task Released_samples_are_forgotten_and_the_others_are_not()
    {
        _source.Emit(6);
        await using (var reader = Open(0))
            await TakeAsync(reader, 0, 1, 2, 3, 4, 5);

        _buffer.Release(4);
        _buffer.Release(2);

        Assert.Equal(2, _buffer.Count);
        var failure = await Assert.ThrowsAsync<SampleSourceException>(() => TakeAsync(Open(1), 1));
        Assert.Contains("its samples 1 to 3 are gone", failure.Message, StringComparison.Ordinal);
        await using var again = Open(4);
        _source.Emit();
        await TakeAsync(again, 4, 5, 6);
    }

    [Fact]
    public async Task Samples_released_before_they_came_are_not_kept()
    {
        _buffer.Release(3);
        _source.Emit(5);
        await using var reader = Open(0);

        await TakeAsync(reader, 0, 1, 2, 3, 4);

        Assert.Equal(2, _buffer.Count);
    }

    [Fact]
    public async Task What_is_being_read_again_is_kept_until_it_is_read_although_it_was_released()
    {
        _source.Emit(6);
        await using (var reader = Open(0))
            await TakeAsync(reader, 0, 1, 2, 3, 4, 5);
        await using var again = Open(1);
        await TakeAsync(again, 1);

        _buffer.Release(5);

        Assert.Equal(4, _buffer.Count);
        await TakeAsync(again, 2, 3, 4);
        Assert.Equal(1, _buffer.Count);
        await TakeAsync(again, 5);
        Assert.Equal(1, _buffer.Count);
    }

    [Fact]
    public async Task Oldest_samples_are_forgotten_when_the_buffer_is_full()
    {
        _buffer = new ReplayBuffer(_source, capacity: 3);
        _source.Emit(40);
        await using (var reader = Open(0))
        {
            for (var position = 0; position < 40; position++)
            {
                await TakeAsync(reader, position);
                Assert.Equal(Math.Min(position + 1, 3), _buffer.Count);
            }
        }

        var failure = await Assert.ThrowsAsync<SampleSourceException>(() => TakeAsync(Open(30), 30));
        Assert.Equal(
            "The source cannot go back to position 30: it cannot seek, and its samples 30 to 36 are gone, of which 3 at most are kept. "
            + "Raise that limit, or take checkpoints more often.",
            failure.Message);
        await using var again = Open(37);
        await TakeAsync(again, 37, 38, 39);
    }

    [Fact]
    public async Task Sample_that_comes_while_a_full_buffer_is_read_again_costs_the_reader_nothing()
    {
        _buffer = new ReplayBuffer(_source, capacity: 3);
        _source.Emit(3);
        var first = Open(0);
        await TakeAsync(first, 0, 1, 2);
        var waiting = first.MoveNextAsync().AsTask();
        await _source.Asked.ReachesAsync(4).WaitAsync(Cancellation);

        await using var second = Open(0);
        await TakeAsync(second, 0);
        _source.Emit(2);

        await TakeAsync(second, 1, 2, 3, 4);
        Assert.Equal(3, _buffer.Count);
        await Assert.ThrowsAsync<SampleSourceException>(() => waiting);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Failure_of_the_source_is_its_readers_and_the_next_one_opens_it_behind_the_last_sample()
    {
        var cause = new IOException("the line is dead");
        _source.Emit(3);
        _source.Fail(cause);
        await using (var reader = Open(0))
        {
            await TakeAsync(reader, 0, 1, 2);
            Assert.Same(cause, await Assert.ThrowsAsync<IOException>(async () => await reader.MoveNextAsync()));
        }

        Assert.Equal(1, _source.Closed.Value);
        _source.Emit(2);
        await using var again = Open(1);
        await TakeAsync(again, 1, 2, 3, 4);
        Assert.Equal([0L, 3], _source.Openings);
    }

    [Fact]
    public async Task Failure_that_comes_while_nobody_reads_is_the_next_readers()
    {
        await CancelWaitingReaderAsync();
        _source.Fail(new IOException("the line is dead"));

        await using var again = Open(0);
        await Assert.ThrowsAsync<IOException>(async () => await again.MoveNextAsync());
    }

    [Fact]
    public async Task End_of_the_source_stays_its_end_for_every_reader()
    {
        _source.Emit(2);
        _source.End();
        Assert.Equal([0L, 1], (await _buffer.AllAsync()).Select(sample => sample.Position));

        Assert.Equal([1L], (await _buffer.AllAsync(1)).Select(sample => sample.Position));
        Assert.Empty(await _buffer.AllAsync(2));
        Assert.Empty(await _buffer.AllAsync(7));
        Assert.Equal([0L], _source.Openings);
    }

    [Fact]
    public async Task End_that_comes_while_nobody_reads_is_the_next_readers_too()
    {
        await CancelWaitingReaderAsync();
        _source.End();

        Assert.Empty(await _buffer.AllAsync());
        Assert.Empty(await _buffer.AllAsync());
    }

    [Fact]
    public async Task Source_is_opened_where_its_first_reader_begins_and_cannot_go_back_behind_that()
    {
        _source.Emit(3);
        await using (var reader = Open(1_000_000_000_000))
            await TakeAsync(reader, 1_000_000_000_000, 1_000_000_000_001);

        Assert.Equal([1_000_000_000_000L], _source.Openings);
        await Assert.ThrowsAsync<SampleSourceException>(() => TakeAsync(Open(999_999_999_999), 999_999_999_999));
    }

    [Fact]
    public async Task Samples_before_the_position_are_skipped_when_a_reader_begins_beyond_what_came()
    {
        _source.Emit(2);
        await using (var reader = Open(0))
            await TakeAsync(reader, 0, 1);
        _source.Emit(4);

        await using var ahead = Open(4);
        await TakeAsync(ahead, 4, 5);
        Assert.Equal(6, _buffer.Count);
    }

    [Fact]
    public async Task Positions_may_have_gaps_and_must_ascend()
    {
        _source.Emit(ListSource.SampleAt(3));
        _source.Emit(ListSource.SampleAt(7));
        _source.Emit(ListSource.SampleAt(7));
        await using (var reader = Open(0))
        {
            await TakeAsync(reader, 3, 7);
            await Assert.ThrowsAsync<SampleSourceException>(async () => await reader.MoveNextAsync());
        }

        await using var again = Open(4);
        await TakeAsync(again, 7);
    }

    [Fact]
    public async Task Disposing_ends_whoever_waits_and_refuses_whoever_comes()
    {
        await using var reader = Open(0);
        var waiting = reader.MoveNextAsync().AsTask();
        await _source.Asked.ReachesAsync(1).WaitAsync(Cancellation);

        await _buffer.DisposeAsync();

        Assert.Equal(1, _source.Closed.Value);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _buffer.AllAsync());
    }

    [Fact]
    public void Buffer_can_seek_where_its_source_cannot()
    {
        Assert.True(_buffer.CanSeek);
        Assert.Same(_source.Schema, _buffer.Schema);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _buffer.OpenAsync(-1, Cancellation); });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplayBuffer(_source, capacity: 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_reader_gets_every_sample_once_and_in_order_however_readers_come_and_go(int seed)
    {
        const int Count = 20_000;
        _buffer = new ReplayBuffer(_source, capacity: Count);
        var random = new Random(seed);
        var emitting = Task.Run(() =>
        {
            for (var i = 0; i < Count; i++)
                _source.Emit();
        }, Cancellation);

        var leftWaiting = new List<Task>();
        var (released, reached) = (0L, 0L);
        while (reached < Count)
        {
            var next = random.NextInt64(released, reached + 1);
            using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var reader = _buffer.OpenAsync(next, cancellation.Token).GetAsyncEnumerator(Cancellation);
            // Cancelled from another thread, anywhere in a sample or between two; now and then the reader is only left behind.
            var cancelling = random.Next(3) == 0 ? Task.CompletedTask : Task.Run(() => Cancel(cancellation, random.Next(2_000)), Cancellation);
            var most = random.Next(1, 200);
            try
            {
                for (var i = 0; i < most && await reader.MoveNextAsync(); i++)
                {
                    Assert.Equal(next++, reader.Current.Position);
                    if (next == Count)
                        break;
                }
            }
            catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
            {
                // That is what is tested.
            }

            await cancelling;
            switch (random.Next(3))
            {
                case 0:
                    await reader.DisposeAsync();
                    break;
                case 1:
                    leftWaiting.Add(NextOrNoneAsync(reader, next));
                    break;
            }

            reached = Math.Max(reached, next);
            if (random.Next(10) == 0)
                _buffer.Release(released = random.NextInt64(released, reached + 1));
        }

        await emitting;
        Assert.Equal([0L], _source.Openings);
        Assert.InRange(_source.Asked.Value, Count, Count + 1);
        await _buffer.DisposeAsync();
        await Task.WhenAll(leftWaiting).WaitAsync(Cancellation);

        // A reader that others take over from while it asks for its next sample gets that one or none.
        static async Task NextOrNoneAsync(IAsyncEnumerator<Sample> reader, long next)
        {
            try
            {
                if (await reader.MoveNextAsync())
                    Assert.Equal(next, reader.Current.Position);
            }
            catch (Exception e) when (e is SampleSourceException or OperationCanceledException or ObjectDisposedException)
            {
                // None.
            }
        }

        static void Cancel(CancellationTokenSource cancellation, int spins)
        {
            Thread.SpinWait(spins);
            cancellation.Cancel();
        }
    }

    private IAsyncEnumerator<Sample> Open(long position) => _buffer.OpenAsync(position, Cancellation).GetAsyncEnumerator(Cancellation);

    private async Task CancelWaitingReaderAsync()
    {
        using var cancellation = new CancellationTokenSource();
        await using var reader = _buffer.OpenAsync(0, cancellation.Token).GetAsyncEnumerator(Cancellation);
        var waiting = reader.MoveNextAsync().AsTask();
        await _source.Asked.ReachesAsync(1).WaitAsync(Cancellation);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Cancellation));
    }

    private Task TakeAsync(IAsyncEnumerator<Sample> reader, IEnumerable<int> positions) => TakeAsync(reader, [.. positions.Select(position => (long)position)]);

    private async Task TakeAsync(IAsyncEnumerator<Sample> reader, params long[] positions)
    {
        foreach (var position in positions)
        {
            Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(Cancellation));
            Assert.Equal(position, reader.Current.Position);
        }
    }
}
