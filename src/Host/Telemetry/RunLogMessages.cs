using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Telemetry;

/// <summary>What a run writes to its log.</summary>
internal static partial class RunLogMessages
{
    /// <summary>The category of these records.</summary>
    public const string Category = "ElasticityStream.Run";

    [LoggerMessage(1, LogLevel.Information, "Run {Run} of {Study}: {Model}, source {Source}")]
    public static partial void RunStarted(this ILogger log, string run, string study, string model, string source);

    [LoggerMessage(2, LogLevel.Information, "{Model}, step {Step}: {Kind}, {Detail}")]
    public static partial void StudyEvent(this ILogger log, string model, long step, string kind, string detail);

    [LoggerMessage(3, LogLevel.Information, "{Model}, step {Step}: {Method} on {Measure} similarity of {Probes} probes, accuracy {Accuracy}, control {Control}")]
    public static partial void Clustered(this ILogger log, string model, long step, string method, string measure, int probes, double accuracy, double control);

    [LoggerMessage(4, LogLevel.Information, "Sample {SampleId} at position {Position} is not trained on: {Reason}, {Detail}")]
    public static partial void SampleRejected(this ILogger log, string sampleId, long position, string reason, string detail);

    [LoggerMessage(5, LogLevel.Information, "Further rejected samples are in run.db only, {Count} are logged")]
    public static partial void FurtherSamplesRejected(this ILogger log, long count);

    [LoggerMessage(6, LogLevel.Information, "The run ended: {Outcome}")]
    public static partial void RunEnded(this ILogger log, string outcome);

    [LoggerMessage(8, LogLevel.Warning, "Prometheus does not find this run by itself: {File} could not be written; it is at {Address}")]
    public static partial void NoTargetFile(this ILogger log, Exception exception, string file, string address);

    [LoggerMessage(9, LogLevel.Warning, "The live page cannot go on; the study does")]
    public static partial void LivePageFailed(this ILogger log, Exception exception);

    [LoggerMessage(10, LogLevel.Information, "{Model}, step {Step}: checkpoint saved, {Bytes} bytes")]
    public static partial void CheckpointSaved(this ILogger log, string model, long step, long bytes);

    [LoggerMessage(11, LogLevel.Warning, "An old checkpoint could not be removed; the study goes on")]
    public static partial void OldCheckpointStays(this ILogger log, Exception exception);

    [LoggerMessage(12, LogLevel.Warning, "The source failed at position {Position} and is opened again in {Delay} s, try {Attempt}: {Cause}")]
    public static partial void SourceRestarting(this ILogger log, long position, double delay, int attempt, string cause);

    [LoggerMessage(13, LogLevel.Warning, "The live page begins without what was measured before; the study goes on")]
    public static partial void PastNotShown(this ILogger log, Exception exception);

    /// <summary>Not shown on standard error, where the command says it in its own words.</summary>
    [LoggerMessage(7, LogLevel.Error, "The run failed: {Message}")]
    public static partial void RunFailed(this ILogger log, Exception? exception, string message);
}
