using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Recording;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>A recorder that calls back with the name of each method, and of each event, before it keeps nothing.</summary>
internal sealed class ObservedRecorder(Action<string> onCall) : IStudyRecorder
{
    public void RecordSteps(IReadOnlyList<StepRow> steps) => onCall(nameof(RecordSteps));

    public void RecordClassPairs(IReadOnlyList<ClassPairRow> pairs) => onCall(nameof(RecordClassPairs));

    public void RecordIndex(IReadOnlyList<ElasticityIndexRow> indices) => onCall(nameof(RecordIndex));

    public void RecordClusterings(IReadOnlyList<ClusteringRow> clusterings) => onCall(nameof(RecordClusterings));

    public void RecordSweep(long step, IReadOnlyList<MeasuredSimilarity> matrices, SweptKernel? kernel) => onCall(nameof(RecordSweep));

    public void RecordRejectedSample(RejectedSampleRow sample) => onCall(nameof(RecordRejectedSample));

    public void RecordEvent(EventRow entry) => onCall($"{nameof(RecordEvent)} {entry.Kind}");

    public RecordingMark Mark()
    {
        onCall(nameof(Mark));
        return RecordingMark.Start;
    }

    public void Rewind(RecordingMark mark) => onCall(nameof(Rewind));
}
