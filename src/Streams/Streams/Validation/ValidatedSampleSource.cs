using System.Runtime.CompilerServices;

namespace ElasticityStream.Streams.Validation;

/// <summary>
/// Emits the good samples of a source and diverts the bad ones to a log, each once however often its position is read. Positions stay those of
/// the source, so that they have gaps where samples were diverted. One pass at a time.
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
    private long _reportedTo;
    private long _rejectedCount;

    /// <summary>Wraps a source.</summary>
    /// <param name="source">Emits positions in ascending order.</param>
    /// <param name="labels">The labels that the study's loss allows.</param>
    /// <param name="log">Takes the diverted samples.</param>
    /// <param name="maxRejectedFraction">In 0..1: a pass fails once more of the samples read in it are bad, judged from 100 samples on and at its end.</param>
    /// <param name="reportedTo">The highest position that an earlier run of the study has reported already; -1 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ValidatedSampleSource(
        ISampleSource source,
        LabelRange labels,
        IRejectedSampleLog log,
        double maxRejectedFraction = DefaultMaxRejectedFraction,
        long reportedTo = -1)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(log);
        if (maxRejectedFraction is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(maxRejectedFraction), maxRejectedFraction, "Allowed: 0 to 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(reportedTo, -1);
        _source = source;
        _log = log;
        _maxRejectedFraction = maxRejectedFraction;
        _reportedTo = reportedTo;
        _check = new SampleCheck(source.Schema, labels);
    }

    /// <summary>The source's schema. Its count is an upper bound here: bad samples are part of it.</summary>
    public SampleSchema Schema => _source.Schema;

    /// <inheritdoc/>
    public bool CanSeek => _source.CanSeek;

    /// <summary>How many samples were reported; readable from any thread.</summary>
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
        var pass = new Pass();
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

    private void ReportOnce(RejectedSample fault)
    {
        if (fault.Position <= ReportedTo)
            return;
        _log.Report(fault);
        Interlocked.Exchange(ref _reportedTo, fault.Position);
        Interlocked.Increment(ref _rejectedCount);
    }

    private void RequireFew(Pass pass, bool atEnd)
    {
        if ((pass.Read < JudgedFrom && !atEnd) || pass.Rejected <= _maxRejectedFraction * pass.Read)
            return;
        var first = string.Join("; ", pass.First.Select(fault => $"position {fault.Position} ('{fault.Id}'): {fault.Detail}"));
        throw new SampleSourceException(
            $"{pass.Rejected} of the {pass.Read} samples read are unusable, more than the allowed fraction of {_maxRejectedFraction}. " +
            $"The first: {first}.");
    }

    private sealed class Pass
    {
        public long Read { get; set; }

        public long Rejected { get; private set; }

        public List<RejectedSample> First { get; } = new(ReasonsNamed);

        public void Reject(RejectedSample fault)
        {
            Rejected++;
            if (First.Count < ReasonsNamed)
                First.Add(fault);
        }
    }
}
