using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Results;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Studies;

/// <summary>Puts the closing table of a study together.</summary>
internal static class StudyReport
{
    public static StudySummary Summarise(
        StudyConfiguration study, RunDirectory run, string controlName, long rejectedSamples, ModelResult main, ModelResult? contrast) => new()
        {
            Study = study.Name,
            Outcome = RunOutcome.Completed,
            ControlName = controlName,
            Main = Summarise(main),
            Contrast = contrast is null ? null : Summarise(contrast),
            RejectedSamples = rejectedSamples,
            Files =
            [
                new ResultFile("everything", Shown(run.Root)),
                new ResultFile("matrices (NumPy)", Shown(main.Files.Similarity)),
                new ResultFile("pictures", Shown(main.Files.Plots)),
                new ResultFile("database (SQLite)", Shown(main.Files.Database)),
                .. contrast is null ? [] : new[] { new ResultFile("the contrast's files", Shown(contrast.Files.Root)) },
            ],
        };

    private static ModelSummary Summarise(ModelResult result) => new()
    {
        Name = result.Name,
        Network = result.Network.ToString(),
        LearningRate = result.Outcome.LearningRate,
        LearningRateOrigin = result.LearningRateOrigin,
        Steps = result.Outcome.Measurements.Steps,
        Duration = result.Duration,
        ResumedAt = result.ResumedAt,
        Measures =
        [
            .. result.Outcome.Measurements.Measures.Select(m => new MeasureSummary(
                new ElasticityIndexRow(
                    result.Outcome.Measurements.Steps, "online", Names.Of(m.Measure), m.Contrast.Index, m.Reference.Index,
                    m.Contrast.SameClass, m.Contrast.DifferentClass, m.Similarity.Probes.Length, m.DegenerateRows),
                result.Probes, result.GeodesicCorrelations.GetValueOrDefault(m.Measure))),
        ],
        KernelDistance = result.Outcome.Measurements.Kernel?.Distance,
        Clusterings = [.. result.Outcome.Measurements.Clusterings.Select(c => c.Row)],
    };

    /// <summary>A path as the user would name it: relative to where they stand, if that is shorter to read.</summary>
    public static string Shown(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
