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

    private StudyStream(UniqueKillSwitch killSwitch, CancellationTokenSource abandoned) => (_killSwitch, _abandoned) = (killSwitch, abandoned);

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
        var (killSwitch, completion) = TrainingStream.Create(source, options)
            .Select(Option<SampleBlock>.Create)
            .ConcatMaterialized(Source.Single(Option<SampleBlock>.None), Keep.Left)
            .Sliding(2)
            // A stream that ends before its first block is a window of one, which is its end.
            .Where(pair => pair.First().HasValue)
            .SelectAsync(1, async pair =>
            {
                var (block, next) = (pair.First(), pair.Last());
                await train(block.Value, next.HasValue ? next.Value : null, abandoned.Token);
                return NotUsed.Instance;
            })
            .ToMaterialized(Sink.Ignore<NotUsed>(), Keep.Both)
            .Run(materializer);
        return (new StudyStream(killSwitch, abandoned), completion);
    }

    /// <summary>Ends it after the block under way.</summary>
    // Not aborted with a cause: where the stream has ended already nobody would look at that exception.
    public void End() => _killSwitch.Shutdown();

    /// <summary>Ends it although the block under way will never be answered.</summary>
    public void Abandon()
    {
        _killSwitch.Shutdown();
        _abandoned.Cancel();
    }
}
