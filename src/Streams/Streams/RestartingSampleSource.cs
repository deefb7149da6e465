using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace ElasticityStream.Streams;

/// <summary>
/// Opens a source again after the last sample that it emitted when it fails in a way that may pass: a disk, a network, a server that was away
/// for a while. Before the first try of a row it waits 1 s, before each further one twice as long, at most a minute.
/// </summary>
/// <remarks>
/// Every exception may pass, but for that of a cancellation, <see cref="OutOfMemoryException"/>, and a <see cref="SampleSourceException"/> that
/// says that it does not.
/// </remarks>
public sealed class RestartingSampleSource : ISampleSource
{
    /// <summary>How many tries in a row a study makes unless it says otherwise: half a minute of waiting.</summary>
    public const int DefaultRetries = 5;

    private const int LongestDelaySeconds = 60;

    private readonly ISampleSource _source;
    private readonly int _retries;
    private readonly Action<SourceRestart> _restarting;
    private readonly TimeProvider _time;

    /// <summary>Wraps a source.</summary>
    /// <param name="source">The source that may fail. Its positions ascend.</param>
    /// <param name="retries">How often it is opened again, at most, without a sample in between; 0 for never.</param>
    /// <param name="restarting">Told of every restart, before the wait, on the thread that reads. What it throws ends the reading.</param>
    /// <param name="time">Measures the waits.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="retries"/> is negative.</exception>
    public RestartingSampleSource(ISampleSource source, int retries, Action<SourceRestart> restarting, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(restarting);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfNegative(retries);
        _source = source;
        _retries = retries;
        _restarting = restarting;
        _time = time;
    }

    /// <inheritdoc/>
    public SampleSchema Schema => _source.Schema;

    /// <inheritdoc/>
    public bool CanSeek => _source.CanSeek;

    /// <inheritdoc/>
    /// <exception cref="SampleSourceException">
    /// The source fails for good, or was tried as often as is allowed, or needs more memory than there is.
    /// </exception>
    public IAsyncEnumerable<Sample> OpenAsync(long position, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return ReadAsync(position, cancellationToken);
    }

    private async IAsyncEnumerable<Sample> ReadAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var attempt = 0;
        while (true)
        {
            Exception? failure;
            await using (var opening = new Opening(_source, position, cancellationToken))
            {
                while (await opening.MoveNextAsync())
                {
                    attempt = 0;
                    position = opening.Current.Position + 1;
                    yield return opening.Current;
                }

                failure = opening.Failure;
            }

            if (failure is null)
                yield break;
            RequireTransient(failure, position, cancellationToken);
            attempt++;
            if (attempt > _retries)
                throw GivenUp(failure, position, attempt);
            var delay = Delay(attempt);
            _restarting(new SourceRestart(position, attempt, delay, failure));
            await Task.Delay(delay, _time, cancellationToken);
        }
    }

    private static void RequireTransient(Exception failure, long position, CancellationToken cancellationToken)
    {
        // A source that is torn out of its reading may say so in any words; without the token a cancelled task is a time-out of its own.
        cancellationToken.ThrowIfCancellationRequested();
        if (failure is OutOfMemoryException)
        {
            throw new SampleSourceException(
                $"There was not enough memory to read the sample at position {position} of the source. Samples with fewer features, or more memory, would help.",
                failure);
        }

        if (failure is SampleSourceException { IsTransient: false })
            ExceptionDispatchInfo.Throw(failure);
    }

    private static TimeSpan Delay(int attempt) => TimeSpan.FromSeconds(Math.Min(1L << Math.Min(attempt - 1, 30), LongestDelaySeconds));

    private SampleSourceException GivenUp(Exception failure, long position, int attempts) => new(
        $"The source cannot be read from position {position} on. It was tried {(attempts == 1 ? "once" : $"{attempts} times in a row")} (source.retries: {_retries}), "
        + $"{(attempts == 1 ? "which" : "the last time it")} ended with: {failure.Message}",
        failure);

    /// <summary>One enumeration of the source. How it fails is kept, since an iterator cannot hand out samples from within a try with a catch.</summary>
    private sealed class Opening(ISampleSource source, long position, CancellationToken cancellationToken) : IAsyncDisposable
    {
        private IAsyncEnumerator<Sample>? _samples;
        private bool _isOver;

        /// <summary>Why it ended; null if the source came to its end.</summary>
        public Exception? Failure { get; private set; }

        public Sample Current => _samples!.Current;

        public async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                _samples ??= source.OpenAsync(position, cancellationToken).GetAsyncEnumerator(cancellationToken);
                _isOver = !await _samples.MoveNextAsync();
            }
            catch (Exception failure)
            {
                Failure = failure;
                _isOver = true;
            }

            return !_isOver;
        }

        public async ValueTask DisposeAsync()
        {
            if (_samples is null)
                return;
            try
            {
                await _samples.DisposeAsync();
            }
            catch (Exception) when (_isOver)
            {
                // After a failure this one follows from it, and the first is the reason; after the end it costs no sample.
            }
        }
    }
}
