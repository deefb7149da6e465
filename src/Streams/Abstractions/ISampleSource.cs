namespace ElasticityStream;

/// <summary>
/// Emits training samples in a fixed order. Two openings of one source, also in different processes, emit the same samples
/// with the same ids at the same positions.
/// </summary>
public interface ISampleSource
{
    /// <summary>What the samples look like; constant.</summary>
    SampleSchema Schema { get; }

    /// <summary>
    /// Whether <see cref="OpenAsync"/> can start at any position. A source that cannot, a live stream, emits whatever comes next, and counts
    /// positions from the one asked for.
    /// </summary>
    bool CanSeek => true;

    /// <summary>Emits the samples from <paramref name="position"/> to the end of one pass.</summary>
    /// <param name="position">
    /// The <see cref="Sample.Position"/> of the first sample to emit: 0 for all of them, the position after the last
    /// trained sample to go on. At or beyond the end nothing is emitted.
    /// </param>
    /// <param name="cancellationToken">Ends the enumeration; honoured between two samples.</param>
    /// <exception cref="SampleSourceException">The source cannot be read; the message names the file or address and the place in it.</exception>
    IAsyncEnumerable<Sample> OpenAsync(long position, CancellationToken cancellationToken);
}
