using System.Diagnostics.CodeAnalysis;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace ElasticityStream.Streams;

/// <summary>
/// The graph from a source to the blocks that a trainer takes:
/// <code>source -> order -> blocks of B -> buffer -> kill switch -> trainer</code>
/// One fused graph: the buffer asks for the next block while the trainer, an actor of its own, works on one, and no boundary of Akka's own
/// adds a buffer whose size depends on who materializes it.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of Akka.Streams; nothing here is a System.IO.Stream.")]
public static class TrainingStream
{
    /// <summary>
    /// Describes the stream of a study's blocks. Whatever comes after has its back-pressure felt by <paramref name="source"/>: at most
    /// <see cref="TrainingStreamOptions.BlocksAhead"/> blocks wait, and two more are on their way.
    /// </summary>
    /// <param name="source">The samples, usually validated. Read when the stream runs, anew by each run.</param>
    /// <param name="options">Order, blocks, and where to go on.</param>
    /// <returns>
    /// A source that fails with the exception of <paramref name="source"/>, or with a <see cref="SampleSourceException"/> if there is nothing
    /// to train on. Its kill switch ends it after the block last handed over; blocks still waiting are dropped, and are read again by a
    /// stream that starts at that block's <see cref="SampleBlock.End"/>.
    /// </returns>
    public static Source<SampleBlock, UniqueKillSwitch> Create(ISampleSource source, TrainingStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);

        var schedule = new TrainingSchedule(source, options);
        return Source.From(() => schedule.BlocksAsync())
            .Buffer(options.BlocksAhead, OverflowStrategy.Backpressure)
            .ViaMaterialized(KillSwitches.Single<SampleBlock>(), Keep.Right);
    }
}
