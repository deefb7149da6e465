using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Tests.Progress;

namespace ElasticityStream.Host.Tests.Status;

/// <summary>Run directories as a study leaves them, without a study.</summary>
internal static class SampleRun
{
    public static DateTimeOffset Started { get; } = new(2026, 3, 1, 9, 30, 5, TimeSpan.Zero);

    public static RunDescription Description { get; } = new()
    {
        Study = "digits",
        Run = "20260301-093005-a1b2c3",
        StudyFile = "/studies/digits.yaml",
        StartedUtc = Started,
        CommandLine = ["run", "digits.yaml"],
        Seed = 7,
        Main = Model("784-256-1 relu"),
        Versions = new SoftwareVersions("0.1.0", "10.0.1", "0.107.0", "1.5.74"),
        Machine = new MachineDescription("node1", "Debian 12", "X64", 2, 512),
    };

    public static ModelDescription Model(string network) => new()
    {
        Network = network,
        Device = "cpu",
        Dtype = "float32",
        Engine = "rank-one",
        EngineReason = "auto: one hidden layer",
        LearningRate = 6e-3,
        LearningRateOrigin = "given",
        Prediction = "logit",
        TotalSteps = 10_000,
    };

    /// <summary>Creates the folder of a run.</summary>
    /// <param name="output">The folder for runs.</param>
    /// <param name="description">Its <c>run.json</c>; the id is filled in.</param>
    /// <param name="study">Its <c>study.yaml</c>.</param>
    /// <param name="id">The end of its id.</param>
    public static RunDirectory Create(string output, RunDescription description, string? study = null, string id = "a1b2c3")
    {
        var directory = RunDirectory.Create(output, description.Study, new FakeTime(), description.Contrast is not null, id);
        File.WriteAllText(directory.StudyFile, study ?? Configuration.Studies.Smallest);
        (description with { Run = directory.Id }).Write(directory.DescriptionFile);
        return directory;
    }

    public static StepRow Step(long step, double loss = 0.25, bool correct = true) =>
        new(step, 0, $"train/{step}", step, "primary", "5", loss, 0.125, correct, -0.5, 0.1);

    public static ClusteringRow Clustering(long step, double accuracy, double control) => new(
        step, "kernelized", "kernel-kmeans", false, 60, 1, new(accuracy, 0, 0, 0, 0, 0, 4), new(control, 0, 0, 0, 0, 0, 4), null, [30, 30]);
}
