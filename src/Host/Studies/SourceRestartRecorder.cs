using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.Telemetry;
using ElasticityStream.Streams;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Studies;

/// <summary>Logs that a study's source is opened again, and records it with the model that is running.</summary>
internal sealed class SourceRestartRecorder(ILogger log)
{
    private volatile IStudyRecorder? _recorder;

    /// <summary>From here on restarts are events of another model. The models of a study read one source, one after the other.</summary>
    public void RecordWith(IStudyRecorder recorder) => _recorder = recorder;

    /// <summary>Takes note of a restart.</summary>
    /// <exception cref="RunFiles.RunDirectoryException">It cannot be recorded.</exception>
    public void Report(SourceRestart restart)
    {
        log.SourceRestarting(restart.Position, restart.Delay.TotalSeconds, restart.Attempt, restart.Cause.Message);
        _recorder?.RecordEvent(new EventRow(
            0, EventKinds.SourceRestarted, $"position {restart.Position}, try {restart.Attempt} after {restart.Delay.TotalSeconds:0} s: {restart.Cause.Message}"));
    }
}
