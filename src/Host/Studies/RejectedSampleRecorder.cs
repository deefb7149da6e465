using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Telemetry;
using ElasticityStream.Streams.Validation;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Studies;

/// <summary>Writes the samples that a study diverts to its run database, counts them, and logs the first of them.</summary>
/// <param name="recorder">Records them.</param>
/// <param name="meter">Counts them.</param>
/// <param name="log">The run's log.</param>
/// <param name="earlier">How many were diverted before this process took the run up.</param>
internal sealed class RejectedSampleRecorder(IStudyRecorder recorder, ElasticityMeter meter, ILogger log, long earlier = 0) : IRejectedSampleLog
{
    private const int MostLogged = 100;

    private long _count = earlier;

    /// <summary>How many samples were diverted so far; readable from any thread.</summary>
    public long Count => Interlocked.Read(ref _count);

    public void Report(RejectedSample sample)
    {
        var count = Interlocked.Increment(ref _count);
        var reason = ReasonName(sample.Reason);
        recorder.RecordRejectedSample(new RejectedSampleRow(sample.Position, sample.Id, reason, sample.Detail));
        meter.SampleRejected(reason);
        if (count <= MostLogged)
            log.SampleRejected(sample.Id, sample.Position, reason, sample.Detail);
        if (count == MostLogged)
            log.FurtherSamplesRejected(MostLogged);
    }

    private static string ReasonName(RejectionReason reason) => Configuration.ChoiceNames.Of(reason);
}
