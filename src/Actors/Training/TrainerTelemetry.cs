using System.Diagnostics;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Streams;

namespace ElasticityStream.Actors.Training;

/// <summary>What the trainer tells of its work: its metrics, and the spans of the blocks under way, each until its last request is accumulated.</summary>
/// <param name="metrics">Told of every step.</param>
internal sealed class TrainerTelemetry(StudyMetrics metrics)
{
    private readonly Queue<(long LastRequest, Activity Span)> _sent = new();
    private Activity? _current;

    /// <summary>The context of the block that is being trained; null where it is not sampled, and between blocks.</summary>
    public string? Trace => _current?.Id;

    public void Begin(SampleBlock block) => _current = StudyTracing.StartBlock(block.FirstStep, block.Samples.Length);

    /// <summary>Takes steps of the block.</summary>
    public SteppedBlock Steps(Sample[] samples, Func<Sample[], SteppedBlock> step)
    {
        using var span = StudyTracing.Start(StudyTracing.Steps, Trace);
        var start = Stopwatch.GetTimestamp();
        var stepped = step(samples);
        metrics.StepsTaken(samples, Stopwatch.GetElapsedTime(start));
        return stepped;
    }

    /// <summary>The block is trained, and its last request is about to be sent.</summary>
    /// <returns>Its context, for that request.</returns>
    public string? End(long lastRequest)
    {
        metrics.BlockTrained();
        var trace = Trace;
        if (_current is not null)
            _sent.Enqueue((lastRequest, _current));
        _current = null;
        return trace;
    }

    /// <summary>A request is accumulated; they are in order.</summary>
    public void Accumulated(long request)
    {
        while (_sent.TryPeek(out var block) && block.LastRequest <= request)
            _sent.Dequeue().Span.Dispose();
    }

    /// <summary>Ends the spans of blocks that will never be accumulated.</summary>
    public void GiveUp()
    {
        foreach (var span in _sent.Select(s => s.Span).Append(_current))
            span?.SetStatus(ActivityStatusCode.Error, "The study ended before the block was accumulated.").Dispose();
    }
}
