using ElasticityStream.Actors.Accumulation;

namespace ElasticityStream.Actors.Recording;

/// <summary>Tells the failures of a recorder from those of the actors that call it: each is a <see cref="RecordingFailedException"/>.</summary>
/// <param name="recorder">Records.</param>
internal sealed class GuardedRecorder(IStudyRecorder recorder) : IStudyRecorder
{
    public void RecordSteps(IReadOnlyList<StepRow> steps) => Guard(() => recorder.RecordSteps(steps));

    public void RecordClassPairs(IReadOnlyList<ClassPairRow> pairs) => Guard(() => recorder.RecordClassPairs(pairs));

    public void RecordIndex(IReadOnlyList<ElasticityIndexRow> indices) => Guard(() => recorder.RecordIndex(indices));

    public void RecordClusterings(IReadOnlyList<ClusteringRow> clusterings) => Guard(() => recorder.RecordClusterings(clusterings));

    public void RecordSweep(long step, IReadOnlyList<MeasuredSimilarity> matrices, SweptKernel? kernel) =>
        Guard(() => recorder.RecordSweep(step, matrices, kernel));

    public void RecordRejectedSample(RejectedSampleRow sample) => Guard(() => recorder.RecordRejectedSample(sample));

    public void RecordEvent(EventRow entry) => Guard(() => recorder.RecordEvent(entry));

    public RecordingMark Mark()
    {
        var mark = RecordingMark.Start;
        Guard(() => mark = recorder.Mark());
        return mark;
    }

    public void Rewind(RecordingMark mark) => Guard(() => recorder.Rewind(mark));

    private static void Guard(Action record)
    {
        try
        {
            record();
        }
        catch (Exception e)
        {
            throw new RecordingFailedException(e);
        }
    }
}
