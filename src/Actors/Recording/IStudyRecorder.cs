using ElasticityStream.Actors.Accumulation;

namespace ElasticityStream.Actors.Recording;

/// <summary>
/// Keeps what a study measures, in the order of its steps. Called by one actor at a time but from changing threads, and by the
/// sample stream for what it rejects: an implementation is thread-safe. An exception ends the study.
/// </summary>
public interface IStudyRecorder
{
    /// <summary>Records the steps of one block, in order.</summary>
    void RecordSteps(IReadOnlyList<StepRow> steps);

    /// <summary>Records how similar the classes were over the last interval.</summary>
    void RecordClassPairs(IReadOnlyList<ClassPairRow> pairs);

    /// <summary>Records the elasticity index at a step, one row a measure.</summary>
    void RecordIndex(IReadOnlyList<ElasticityIndexRow> indices);

    /// <summary>Records one clustering update, one row a measure and method.</summary>
    void RecordClusterings(IReadOnlyList<ClusteringRow> clusterings);

    /// <summary>Records the matrices of one sweep.</summary>
    /// <param name="step">The number of steps done.</param>
    /// <param name="matrices">One a measure, as measured.</param>
    /// <param name="kernel">The neural tangent kernel at the same weights; null if it was not computed.</param>
    void RecordSweep(long step, IReadOnlyList<MeasuredSimilarity> matrices, SweptKernel? kernel);

    /// <summary>Records a sample that was not trained on.</summary>
    void RecordRejectedSample(RejectedSampleRow sample);

    /// <summary>Records something that happened once: the start, the learning rate chosen, a sweep, the end.</summary>
    void RecordEvent(EventRow entry);

    /// <summary>How much is recorded of the steps so far: everything but rejected samples, which are reported once whatever happens.</summary>
    RecordingMark Mark();

    /// <summary>Takes back what was recorded of the steps after a mark, which will be taken again.</summary>
    void Rewind(RecordingMark mark);
}
