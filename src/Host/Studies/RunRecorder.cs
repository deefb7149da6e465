using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Telemetry;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Studies;

/// <summary>Keeps what one model's study measures: rows in its database, the matrices of its sweeps beside the others; events are logged too.</summary>
internal sealed class RunRecorder(RunDatabase database, ModelFiles files, string model, ILogger log) : IStudyRecorder
{
    public void RecordSteps(IReadOnlyList<StepRow> steps) => database.RecordSteps(steps);

    public void RecordClassPairs(IReadOnlyList<ClassPairRow> pairs) => database.RecordClassPairs(pairs);

    public void RecordIndex(IReadOnlyList<ElasticityIndexRow> indices) => database.RecordIndex(indices);

    public void RecordClusterings(IReadOnlyList<ClusteringRow> clusterings)
    {
        database.RecordClusterings(clusterings);
        foreach (var c in clusterings)
            log.Clustered(model, c.Step, c.Method, c.Measure, c.Probes, c.Scores.Accuracy, c.Control.Accuracy);
    }

    public void RecordRejectedSample(RejectedSampleRow sample) => database.RecordRejectedSample(sample);

    public void RecordEvent(EventRow entry)
    {
        database.RecordEvent(entry);
        log.StudyEvent(model, entry.Step, entry.Kind, entry.Detail);
    }

    public RecordingMark Mark() => database.Mark();

    public void Rewind(RecordingMark mark) => database.Rewind(mark);

    public void RecordSweep(long step, IReadOnlyList<MeasuredSimilarity> matrices, SweptKernel? kernel)
    {
        foreach (var matrix in matrices)
        {
            var size = matrix.Probes.Length;
            NpyFile.Write<double>(files.Sweep(step, Names.Of(matrix.Measure)), matrix.Values, size, size);
            NpyFile.Write<int>(files.SweepProbes(step, Names.Of(matrix.Measure)), matrix.Probes, size);
        }

        if (kernel is null)
            return;
        NpyFile.Write<double>(files.SweepKernel(step), kernel.Values, kernel.Distance.Rows, kernel.Distance.Rows);
        database.RecordKernelDistance(kernel.Distance);
    }
}
