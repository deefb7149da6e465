using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace ElasticityStream.Streams;

/// <summary>
/// Lets a source that cannot seek be opened again where it was: of the one live enumeration underneath it keeps the samples of late, hands them
/// out again from the position asked for, and then goes on with the live ones.
/// <para>One enumeration at a time. A new one takes over with its first sample asked for; the one before then fails, and loses nothing to the new one
/// nor takes anything from it.</para>
/// <para>Bounded: it keeps what was not released, and at most its capacity of it, and reads no sample before it is asked for. Thread-safe.</para>
/// </summary>
/// <remarks>
/// The live enumeration belongs to the buffer and not to whoever reads: a reader that is cancelled while it waits leaves the wait behind, and
/// the next reader finds it. That is why no sample is lost between two readers. It ends with the source, a failure, or the buffer.
/// </remarks>
public sealed class ReplayBuffer : ISampleSource, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _life = new();
    private readonly ISampleSource _source;
    private readonly int _capacity;
    private readonly SampleWindow _kept = new();

    // Where nothing was forgotten from on, and the position after the last sample received; both -1 before the first opening.
    private long _keptFrom = -1;
    private long _next = -1;
    private long _released;
    private Reader? _reader;
    private bool _ended;
    private bool _disposed;

    // What the source was asked for and nobody has taken yet. While it stands nothing else is asked for, and only Pull touches the enumerator.
    private Task<Pulled>? _pending;
    private IAsyncEnumerator<Sample>? _live;

    /// <summary>Wraps a source.</summary>
    /// <param name="source">Emits positions in ascending order. It is opened where this buffer is first opened, and not again unless it fails.</param>
    /// <param name="capacity">The most samples to keep, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public ReplayBuffer(ISampleSource source, int capacity)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _source = source;
        _capacity = capacity;
    }

    /// <inheritdoc/>
    public SampleSchema Schema => _source.Schema;

    /// <summary>True: within what it keeps.</summary>
    public bool CanSeek => true;

    /// <summary>How many samples it keeps.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _kept.Count;
        }
    }

    /// <summary>Emits the samples from <paramref name="position"/> on: those kept, then those that the source goes on to emit.</summary>
    /// <param name="position">
    /// The position of the first sample to emit. The first opening of all opens the source there; a later one may not go back behind what is kept.
    /// </param>
    /// <param name="cancellationToken">Ends the enumeration, also while it waits; the source goes on waiting.</param>
    /// <exception cref="SampleSourceException">
    /// When the first sample is asked for: samples at the position are forgotten. Later: the source failed, and is opened again behind its last
    /// sample if the buffer is; its positions do not ascend; or another enumeration has taken over.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The buffer is disposed.</exception>
    public IAsyncEnumerable<Sample> OpenAsync(long position, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return ReadAsync(position, cancellationToken);
    }

    /// <summary>Forgets the samples below a position: nobody will go back behind it. What is being read again is kept until it is read.</summary>
    public void Release(long position)
    {
        lock (_lock)
        {
            _released = Math.Max(_released, position);
            DropReleased();
        }
    }

    /// <summary>Ends the source and whoever reads, and waits until the source has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<Pulled>? pending;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            pending = _pending;
            _reader?.Replaced.TrySetResult();
        }

        await _life.CancelAsync();
        if (pending is not null)
            await pending;
        var failure = await CloseAsync();
        _life.Dispose();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private async IAsyncEnumerable<Sample> ReadAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = TakeOver(position);
        try
        {
            while (await NextAsync(reader, cancellationToken) is { } sample)
                yield return sample;
        }
        finally
        {
            lock (_lock)
            {
                if (_reader == reader)
                    _reader = null;
                DropReleased();
            }
        }
    }

    private Reader TakeOver(long position)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_next < 0)
                (_keptFrom, _next) = (position, position);
            if (position < _keptFrom)
                throw Forgotten(position);
            _reader?.Replaced.TrySetResult();
            return _reader = new Reader { Next = position };
        }
    }

    /// <summary>The reader's next sample, from what is kept or from the source; null at the end.</summary>
    private async ValueTask<Sample?> NextAsync(Reader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task<Pulled>? pending;
            TaskCompletionSource<Pulled>? pull = null;
            lock (_lock)
            {
                RequireCurrent(reader);
                if (_kept.FirstFrom(reader.Next) is { } sample)
                {
                    reader.Next = sample.Position + 1;
                    DropReleased();
                    return sample;
                }

                if (_ended)
                    return null;
                if (_pending is null)
                {
                    pull = new TaskCompletionSource<Pulled>(TaskCreationOptions.RunContinuationsAsynchronously);
                    _pending = pull.Task;
                }

                pending = _pending;
            }

            // Outside the lock: what the source does in its own time must not hold up whoever releases samples or takes over.
            if (pull is not null)
                _ = PullAsync(pull);
            if (!pending.IsCompleted)
                await Task.WhenAny(pending, reader.Replaced.Task).WaitAsync(cancellationToken);
            lock (_lock)
                RequireCurrent(reader);
            Take(reader, await pending);
        }
    }

    /// <summary>Puts what the source gave behind the samples kept. Only the reader that is current takes it, so that nothing is taken twice.</summary>
    private void Take(Reader reader, Pulled pulled)
    {
        lock (_lock)
        {
            RequireCurrent(reader);
            _pending = null;
            if (pulled.Failure is not null)
                ExceptionDispatchInfo.Throw(pulled.Failure);
            if (pulled.Sample is not { } sample)
            {
                _ended = true;
                return;
            }

            _kept.Add(sample);
            _next = sample.Position + 1;
            // The reader has read all the others: it would not have asked for this one otherwise.
            if (_kept.Count > _capacity)
                DropFirst();
        }
    }

    /// <summary>Asks the source for its next sample. Never fails: a failure is what the source gave.</summary>
    private async Task PullAsync(TaskCompletionSource<Pulled> pull)
    {
        Pulled pulled;
        try
        {
            _live ??= _source.OpenAsync(_next, _life.Token).GetAsyncEnumerator(_life.Token);
            pulled = new Pulled(await _live.MoveNextAsync() ? InOrder(_live.Current) : null, null);
        }
        catch (Exception failure)
        {
            pulled = new Pulled(null, failure);
        }

        // That it cannot be closed costs no sample after the end, and follows from the first failure after one.
        if (pulled.Sample is null)
            _ = await CloseAsync();
        pull.SetResult(pulled);
    }

    private Sample InOrder(Sample sample) => sample.Position >= _next
        ? sample
        : throw new SampleSourceException($"The source emits position {sample.Position} ('{sample.Id}') where position {_next} or a later one must come.");

    /// <summary>Closes the live enumeration, and says why it cannot be closed.</summary>
    private async Task<Exception?> CloseAsync()
    {
        var live = _live;
        _live = null;
        try
        {
            if (live is not null)
                await live.DisposeAsync();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private void RequireCurrent(Reader reader)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_reader != reader)
            throw new SampleSourceException($"The samples are read by somebody else now; this reading ended before position {reader.Next}.");
    }

    private void DropReleased()
    {
        var needed = Math.Min(_released, _reader?.Next ?? long.MaxValue);
        while (_kept.Count > 0 && _kept.FirstPosition < needed)
            DropFirst();
    }

    private void DropFirst()
    {
        _keptFrom = _kept.FirstPosition + 1;
        _kept.DropFirst();
    }

    private SampleSourceException Forgotten(long position) => new(
        $"The source cannot go back to position {position}: it cannot seek, and its samples {position} to {_keptFrom - 1} are gone, of which {_capacity} at most are kept. "
        + "Raise that limit, or take checkpoints more often.");

    private sealed record Pulled(Sample? Sample, Exception? Failure);

    private sealed class Reader
    {
        /// <summary>The lowest position that it has not emitted.</summary>
        public required long Next { get; set; }

        /// <summary>Completes when somebody else reads. Wakes a reader that waits for the source.</summary>
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
