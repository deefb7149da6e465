using System.Collections;
using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>Keeps what a study records, in memory.</summary>
internal sealed class RecordedStudy : IStudyRecorder, IProgress<StudyProgress>
{
    public List<StepRow> Steps { get; } = [];

    public List<ClassPairRow> ClassPairs { get; } = [];

    public List<ElasticityIndexRow> Indices { get; } = [];

    public List<ClusteringRow> Clusterings { get; } = [];

    public List<(long Step, IReadOnlyList<MeasuredSimilarity> Matrices, SweptKernel? Kernel)> Sweeps { get; } = [];

    public List<RejectedSampleRow> Rejected { get; } = [];

    public List<EventRow> Events { get; } = [];

    public List<StudyProgress> Reports { get; } = [];

    private IEnumerable<(string Kind, IList Rows)> Measured =>
    [
        (nameof(Steps), Steps), (nameof(ClassPairs), ClassPairs), (nameof(Indices), Indices), (nameof(Clusterings), Clusterings), (nameof(Sweeps), Sweeps),
        (nameof(Events), Events),
    ];

    /// <summary>What was recorded up to a mark, for a study that goes on from there.</summary>
    public RecordedStudy UpTo(RecordingMark mark)
    {
        var copy = new RecordedStudy();
        copy.Steps.AddRange(Steps);
        copy.ClassPairs.AddRange(ClassPairs);
        copy.Indices.AddRange(Indices);
        copy.Clusterings.AddRange(Clusterings);
        copy.Sweeps.AddRange(Sweeps);
        copy.Events.AddRange(Events);
        copy.Rewind(mark);
        return copy;
    }

    /// <summary>Ends the study early when cancelled.</summary>
    public CancellationTokenSource Interruption { get; } = new();

    /// <summary>Called with the steps recorded so far, on the accumulator's thread.</summary>
    public Action<int>? OnSteps { get; set; }

    /// <summary>Called with every report, on the thread that makes it.</summary>
    public Action<StudyProgress>? OnReport { get; set; }

    /// <summary>The samples that were stepped at, in their order.</summary>
    public IEnumerable<Sample> TrainedSamples(ISampleSource source)
    {
        var samples = ((PointSource)source).Samples.ToDictionary(s => s.Id);
        return Steps.Select(s => samples[s.SampleId]);
    }

    public void RecordSteps(IReadOnlyList<StepRow> steps)
    {
        Steps.AddRange(steps);
        OnSteps?.Invoke(Steps.Count);
    }

    public void RecordClassPairs(IReadOnlyList<ClassPairRow> pairs) => ClassPairs.AddRange(pairs);

    public void RecordIndex(IReadOnlyList<ElasticityIndexRow> indices) => Indices.AddRange(indices);

    public void RecordClusterings(IReadOnlyList<ClusteringRow> clusterings) => Clusterings.AddRange(clusterings);

    public void RecordSweep(long step, IReadOnlyList<MeasuredSimilarity> matrices, SweptKernel? kernel) => Sweeps.Add((step, matrices, kernel));

    public void RecordRejectedSample(RejectedSampleRow sample) => Rejected.Add(sample);

    public void RecordEvent(EventRow entry) => Events.Add(entry);

    public RecordingMark Mark() => new(Measured.ToDictionary(l => l.Kind, l => (long)l.Rows.Count));

    public void Rewind(RecordingMark mark)
    {
        foreach (var (kind, rows) in Measured)
        {
            for (var row = rows.Count - 1; row >= mark.Of(kind); row--)
            {
                if (rows[row] is not EventRow entry || EventKinds.OfTheSteps.Contains(entry.Kind))
                    rows.RemoveAt(row);
            }
        }
    }

    public void Report(StudyProgress value)
    {
        lock (Reports)
            Reports.Add(value);
        OnReport?.Invoke(value);
    }
}
