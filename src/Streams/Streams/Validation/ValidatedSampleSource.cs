using System.Runtime.CompilerServices;

namespace ElasticityStream.Streams.Validation;

/// <summary>
/// Emits the good samples of a source and diverts the bad ones to a log, each once however often its position is read. Positions stay those of
/// the source, so that they have gaps where samples were diverted. A pass that is opened in its middle is judged as if all before had been read
/// just now. One pass at a time.
/// </summary>
public sealed class ValidatedSampleSource : ISampleSource
{
    /// <summary>The fraction of a pass that may be bad unless the study says otherwise.</summary>
    public const double DefaultMaxRejectedFraction = 0.01;

    private const int JudgedFrom = 100;
    private const int ReasonsNamed = 3;

    private readonly ISampleSource _source;
    private readonly IRejectedSampleLog _log;
    private readonly double _maxRejectedFraction;
    private readonly SampleCheck _check;
    private readonly EarlierRejections _earlier;
    private readonly RejectedPositions _reported;
    private long _reportedTo;
    private long _rejectedCount;

    /// <summary>Wraps a source.</summary>
    /// <param name="source">Emits positions in ascending order.</param>
    /// <param name="labels">The labels that the study's loss allows.</param>
    /// <param name="log">Takes the diverted samples.</param>
    /// <param name="maxRejectedFraction">In 0..1: a pass fails once more of the samples read in it are bad, judged from 100 samples on and at its end.</param>
    /// <param name="earlier">What was diverted before this process took the study up; null for nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ValidatedSampleSource(
        ISampleSource source,
        LabelRange labels,
        IRejectedSampleLog log,
        double maxRejectedFraction = DefaultMaxRejectedFraction,
        EarlierRejections? earlier = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(log);
        if (maxRejectedFraction is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(maxRejectedFraction), maxRejectedFraction, "Allowed: 0 to 1.");
        _source = source;
        _log = log;
        _maxRejectedFraction = maxRejectedFraction;
        _earlier = earlier ?? EarlierRejections.None;
        _reported = new RejectedPositions(_earlier.ReportedTo + 1);
        _reportedTo = _earlier.ReportedTo;
        _rejectedCount = _earlier.Count;
        _check = new SampleCheck(source.Schema, labels);
    }

    /// <summary>The source's schema. Its count is an upper bound here: bad samples are part of it.</summary>
    public SampleSchema Schema => _source.Schema;

    /// <inheritdoc/>
    public bool CanSeek => _source.CanSeek;

    /// <summary>How many samples were reported, earlier ones included; readable from any thread.</summary>
    public long RejectedCount => Interlocked.Read(ref _rejectedCount);

    /// <summary>The highest position reported; -1 if none was. Readable from any thread.</summary>
    public long ReportedTo => Interlocked.Read(ref _reportedTo);

    /// <inheritdoc/>
    /// <exception cref="SampleSourceException">The source fails, or too many of its samples are bad.</exception>
    public IAsyncEnumerable<Sample> OpenAsync(long position, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return ReadAsync(position, cancellationToken);
    }

    private async IAsyncEnumerable<Sample> ReadAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pass = new Pass(position, RejectedBefore(position));
        await foreach (var sample in _source.OpenAsync(position, cancellationToken))
        {
            pass.Read++;
            if (_check.FaultOf(sample) is { } fault)
            {
                pass.Reject(fault);
                ReportOnce(fault);
                RequireFew(pass, atEnd: false);
            }
            else
            {
                RequireFew(pass, atEnd: false);
                yield return sample;
            }
        }

        RequireFew(pass, atEnd: true);
    }

    private long RejectedBefore(long position) => position <= _earlier.ReportedTo
        ? _earlier.Before(position)
        : _earlier.Count + _reported.CountBefore(position);

    private void ReportOnce(RejectedSample fault)
    {
        if (fault.Position <= ReportedTo)
            return;
        _log.Report(fault);
        _reported.Add(fault.Position);
        Interlocked.Exchange(ref _reportedTo, fault.Position);
        Interlocked.Increment(ref _rejectedCount);
    }

    private void RequireFew(Pass pass, bool atEnd)
    {
        if ((pass.Read < JudgedFrom && !atEnd) || pass.Rejected <= _maxRejectedFraction * pass.Read)
            return;
        throw new SampleSourceException(
            $"{pass.Rejected} of the {pass.Read} samples read are unusable, more than the allowed fraction of {_maxRejectedFraction}. " +
            $"{pass.Examples}.");
    }

    /// <summary>What one opening has read, and what was read of its pass before.</summary>
    /// <param name="start">Where it was opened; positions count from 0, so that this is how many samples are before.</param>
    /// <param name="rejected">How many of those are bad.</param>
    private sealed class Pass(long start, long rejected)
    {
        private readonly List<RejectedSample> _first = new(ReasonsNamed);
        private readonly long _start = start;

        public long Read { get; set; } = start;

        public long Rejected { get; private set; } = rejected;

        /// <summary>The first that were met.</summary>
        public string Examples => (_start, _first.Count) switch
        {
            (_, 0) => $"All of those were read before position {_start}, where the reading was taken up",
            (0, _) => $"The first: {Described}",
            _ => $"The first since position {_start}, where the reading was taken up: {Described}",
        };

        private string Described => string.Join("; ", _first.Select(fault => $"position {fault.Position} ('{fault.Id}'): {fault.Detail}"));

        public void Reject(RejectedSample fault)
        {
            Rejected++;
            if (_first.Count < ReasonsNamed)
                _first.Add(fault);
        }
    }
}
