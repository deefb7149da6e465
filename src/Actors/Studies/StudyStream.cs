using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using ElasticityStream.Streams;

namespace ElasticityStream.Actors.Studies;

/// <summary>The stream that feeds a trainer, running.</summary>
internal sealed class StudyStream
{
    private readonly UniqueKillSwitch _killSwitch;
    private readonly CancellationTokenSource _abandoned;
    private readonly Flags _flags;

    private StudyStream(UniqueKillSwitch killSwitch, CancellationTokenSource abandoned, Flags flags) =>
        (_killSwitch, _abandoned, _flags) = (killSwitch, abandoned, flags);

    /// <summary>Whether it waits for the source; readable from any thread.</summary>
    public bool IsWaiting => !_flags.IsTraining;

    /// <summary>
    /// Runs a stream, one block at a time with a look at the next: the trainer gets another when it has acknowledged the one before, and the source
    /// waits as long.
    /// </summary>
    /// <param name="materializer">Runs it.</param>
    /// <param name="source">The samples.</param>
    /// <param name="options">Their order.</param>
    /// <param name="train">Trains on a block; is given the next as well, or null, and whether nobody waits for an answer any more.</param>
    /// <returns>The stream, and its end.</returns>
    public static (StudyStream Stream, Task Completion) Run(
        IMaterializer materializer, ISampleSource source, TrainingStreamOptions options, Func<SampleBlock, SampleBlock?, CancellationToken, Task> train)
    {
        // Not disposed: questions may still hold its token when the stream has gone.
        var abandoned = new CancellationTokenSource();
        var flags = new Flags();
        var (killSwitch, completion) = TrainingStream.Create(source, options)
            .Select(Option<SampleBlock>.Create)
            .ConcatMaterialized(Source.Single(Option<SampleBlock>.None), Keep.Left)
            .Sliding(2)
            // A stream that ends before its first block is a window of one, which is its end.
            .Where(pair => pair.First().HasValue)
            .SelectAsync(1, async pair =>
            {
                var (block, next) = (pair.First(), pair.Last());
                // One that was on its way here when the stream was ended: it may look like the last one, and training on it as such would give other bits.
                if (flags.IsEnded)
                    return NotUsed.Instance;
                flags.IsTraining = true;
                try
                {
                    await train(block.Value, next.HasValue ? next.Value : null, abandoned.Token);
                }
                catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
                {
                    // Nobody answers any more, and nobody waits for the stream.
                }

                flags.IsTraining = false;
                return NotUsed.Instance;
            })
            .ToMaterialized(Sink.Ignore<NotUsed>(), Keep.Both)
            .Run(materializer);
        return (new StudyStream(killSwitch, abandoned, flags), completion);
    }

    /// <summary>Ends it after the block under way.</summary>
    // Not aborted with a cause: where the stream has ended already nobody would look at that exception.
    public void End()
    {
        _flags.IsEnded = true;
        _killSwitch.Shutdown();
    }

    /// <summary>Ends it although the block under way will never be answered.</summary>
    public void Abandon()
    {
        End();
        _abandoned.Cancel();
    }

    private sealed class Flags
    {
        private volatile bool _isTraining;
        private volatile bool _isEnded;

        public bool IsTraining { get => _isTraining; set => _isTraining = value; }

        public bool IsEnded { get => _isEnded; set => _isEnded = value; }
    }
}
