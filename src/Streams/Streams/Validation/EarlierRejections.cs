namespace ElasticityStream.Streams.Validation;

/// <summary>The samples that a study diverted before this process took it up.</summary>
public sealed record EarlierRejections
{
    /// <summary>Describes them.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="reportedTo">The highest position among them; -1 if there are none.</param>
    /// <param name="before">How many of them stand before a position. Asked when a pass is opened there, at most once for each opening.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative, or <paramref name="reportedTo"/> below -1.</exception>
    public EarlierRejections(long count, long reportedTo, Func<long, long> before)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(reportedTo, -1);
        (Count, ReportedTo, Before) = (count, reportedTo, before);
    }

    /// <summary>A study that begins.</summary>
    public static EarlierRejections None { get; } = new(0, -1, _ => 0);

    /// <summary>How many there are.</summary>
    public long Count { get; }

    /// <summary>The highest position among them, up to which nothing is reported again; -1 if there are none.</summary>
    public long ReportedTo { get; }

    /// <summary>How many of them stand before a position.</summary>
    public Func<long, long> Before { get; }
}
