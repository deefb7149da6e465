using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.RunFiles;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Extensions.Logging;
using Serilog.Templates;

namespace ElasticityStream.Host.Telemetry;

/// <summary>
/// <c>log.jsonl</c> in the run directory: one JSON object a line, with time, level, message, the message's values, and the trace and span within which
/// it was written. Bounded: beyond <see cref="MostBytes"/> a new file is begun, and the oldest of more than <see cref="MostFiles"/> is removed.
/// </summary>
internal sealed class RunLog : IDisposable
{
    /// <summary>The most bytes of one file, give or take a line.</summary>
    public const long MostBytes = 16 << 20;

    /// <summary>The most files.</summary>
    public const int MostFiles = 8;

    private const string Line = "{ {time: @t, level: @l, message: @m, exception: @x, trace: @tr, span: @sp, ..@p} }\n";

    private readonly Logger _logger;

    /// <summary>Opens the log.</summary>
    /// <param name="file">The file.</param>
    /// <param name="meter">Counts the records that could not be written.</param>
    /// <exception cref="RunDirectoryException">The file cannot be written.</exception>
    public RunLog(string file, ElasticityMeter meter)
        : this(file, meter, MostBytes, MostFiles)
    {
    }

    /// <summary>With limits of its own, so that a test need not write 128 MiB.</summary>
    internal RunLog(string file, ElasticityMeter meter, long mostBytes, int mostFiles)
    {
        try
        {
            // Opened here once: what the library does later it does without telling anybody.
            using var probe = new FileStream(file, FileMode.Append);
        }
        catch (Exception e) when (RunDirectoryException.IsFileFailure(e))
        {
            throw RunDirectoryException.From(file, "write", e);
        }

        _logger = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.Fallible(
                to => to.File(
                    new ExpressionTemplate(Line), file, fileSizeLimitBytes: mostBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: mostFiles),
                new FailureListener(meter))
            .CreateLogger();
    }

    /// <summary>Makes a provider that writes to the log; it does not close it.</summary>
    public ILoggerProvider CreateProvider() => new SerilogLoggerProvider(_logger, dispose: false);

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose()
    {
        try
        {
            _logger.Dispose();
        }
        catch (Exception e) when (RunDirectoryException.IsFileFailure(e))
        {
            // On a full disk the last lines are lost, as those before them were that could not be written; the run says itself why it ends.
        }
    }

    private sealed class FailureListener(ElasticityMeter meter) : ILoggingFailureListener
    {
        public void OnLoggingFailed(
            object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<Serilog.Events.LogEvent>? events, Exception? exception) =>
            meter.TelemetryDropped(Signal.Logs.Name(), events?.Count ?? 1);
    }
}
