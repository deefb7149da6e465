using ElasticityStream.Actors.Recording;
using ElasticityStream.Streams.Validation;

namespace ElasticityStream.Host.Studies;

/// <summary>Writes the samples that a study diverts to its run database, and counts them.</summary>
internal sealed class RejectedSampleRecorder(IStudyRecorder recorder) : IRejectedSampleLog
{
    private long _count;

    /// <summary>How many samples were diverted so far; readable from any thread.</summary>
    public long Count => Interlocked.Read(ref _count);

    public void Report(RejectedSample sample)
    {
        Interlocked.Increment(ref _count);
        recorder.RecordRejectedSample(new RejectedSampleRow(sample.Position, sample.Id, ReasonName(sample.Reason), sample.Detail));
    }

    private static string ReasonName(RejectionReason reason) => Configuration.ChoiceNames.Of(reason);
}
