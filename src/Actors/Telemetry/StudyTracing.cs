using System.Diagnostics;

namespace ElasticityStream.Actors.Telemetry;

/// <summary>
/// The spans of a study: one a block, with those of its actors as children. The block's context travels in the messages, as text of the W3C trace
/// context, and only where the block is sampled: the children of another cost nothing.
/// </summary>
public static class StudyTracing
{
    /// <summary>The name of the activity source.</summary>
    public const string SourceName = ElasticityMeter.Name;

    /// <summary>A block, from when the trainer begins it until its rows are accumulated.</summary>
    public const string Block = "study.block";

    /// <summary>The trainer's steps.</summary>
    public const string Steps = "trainer.steps";

    /// <summary>An evaluator's answer to one request.</summary>
    public const string Probe = "evaluator.probe";

    /// <summary>The accumulation of one request's rows, or of the clusterings of one snapshot.</summary>
    public const string Update = "accumulator.update";

    /// <summary>The clusterings of one snapshot.</summary>
    public const string Cluster = "clustering.update";

    private static readonly ActivitySource Source = new(SourceName, typeof(StudyTracing).Assembly.GetName().Version?.ToString(3));

    /// <summary>Begins the span of a block. It is not the current one: whoever begins it has other messages to read before it ends.</summary>
    /// <returns>Null where the block is not sampled.</returns>
    public static Activity? StartBlock(long firstStep, int steps)
    {
        if (!Source.HasListeners())
            return null;
        var current = Activity.Current;
        Activity.Current = null;
        var block = Source.StartActivity(Block);
        if (block is { Recorded: false })
        {
            block.Dispose();
            block = null;
        }

        Activity.Current = current;
        block?.SetTag("elasticity.block.first_step", firstStep);
        block?.SetTag("elasticity.block.steps", steps);
        return block;
    }

    /// <summary>Begins a child of a block; it is the current span until it is disposed.</summary>
    /// <param name="name">One of the names above.</param>
    /// <param name="trace">The block's context, as it came with a message.</param>
    /// <returns>Null where there is no context, or one that is no trace context.</returns>
    public static Activity? Start(string name, string? trace) => trace is not null && ActivityContext.TryParse(trace, null, out var parent)
        ? Source.StartActivity(name, ActivityKind.Internal, parent)
        : null;
}
