using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.Studies;
using ElasticityStream.Streams;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Tests.Studies;

public sealed class SourceRestartRecorderTests
{
    private static readonly SourceRestart Restart = new(1234, 3, TimeSpan.FromSeconds(4), new IOException("the disk does not answer"));

    private readonly ListLogger _log = new();

    [Fact]
    public void Restart_is_a_warning_and_an_event_of_the_model_that_runs()
    {
        var (main, contrast) = (new EventList(), new EventList());
        var restarts = new SourceRestartRecorder(_log);

        restarts.RecordWith(main);
        restarts.Report(Restart);
        restarts.RecordWith(contrast);
        restarts.Report(Restart with { Position = 1300 });

        Assert.Equal([new EventRow(0, "source-restarted", "position 1234, try 3 after 4 s: the disk does not answer")], main.Events);
        Assert.Equal([new EventRow(0, "source-restarted", "position 1300, try 3 after 4 s: the disk does not answer")], contrast.Events);
        Assert.Equal(
            (LogLevel.Warning, "The source failed at position 1234 and is opened again in 4 s, try 3: the disk does not answer"), _log.Records[0]);
        Assert.Equal(2, _log.Records.Count);
    }

    private sealed class ListLogger : ILogger
    {
        public List<(LogLevel Level, string Message)> Records { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Records.Add((logLevel, formatter(state, exception)));
    }

    private sealed class EventList : IStudyRecorder
    {
        public List<EventRow> Events { get; } = [];

        public void RecordEvent(EventRow entry) => Events.Add(entry);

        public void RecordSteps(IReadOnlyList<StepRow> steps) => throw new NotSupportedException();

        public void RecordClassPairs(IReadOnlyList<ClassPairRow> pairs) => throw new NotSupportedException();

        public void RecordIndex(IReadOnlyList<ElasticityIndexRow> indices) => throw new NotSupportedException();

        public void RecordClusterings(IReadOnlyList<ClusteringRow> clusterings) => throw new NotSupportedException();

        public void RecordSweep(long step, IReadOnlyList<MeasuredSimilarity> matrices, SweptKernel? kernel) => throw new NotSupportedException();

        public void RecordRejectedSample(RejectedSampleRow sample) => throw new NotSupportedException();

        public RecordingMark Mark() => throw new NotSupportedException();

        public void Rewind(RecordingMark mark) => throw new NotSupportedException();
    }
}
