using System.Text.Json.Nodes;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Tests.RunFiles;

public sealed class RunDescriptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static RunDescription Example { get; } = new()
    {
        Study = "mnist-5v9",
        Run = "20260301-093005-a1b2c3",
        StudyFile = "/studies/quickstart.yaml",
        StartedUtc = new DateTimeOffset(2026, 3, 1, 9, 30, 5, TimeSpan.Zero),
        CommandLine = ["run", "configs/mnist-5v9.yaml", "--set", "seed=7"],
        Seed = 7,
        Main = new ModelDescription
        {
            Network = "mlp 784-256-1, relu, biases",
            Device = "cpu",
            Dtype = "float32",
            Engine = "delta-forward",
            EngineReason = "fully connected",
            LearningRate = 6e-3,
            LearningRateOrigin = "given",
            Prediction = "output",
        },
        Versions = new SoftwareVersions("0.1.0", "10.0.1", "0.107.0 (libtorch 2.10.0)", "1.5.74"),
        Machine = new MachineDescription("node1", "Debian 12", "X64", 2, 512),
    };

    [Fact]
    public void Json_is_camel_case_and_says_running_when_the_run_starts()
    {
        var path = _folder.File("run.json");

        Example.Write(path);

        var json = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal("running", (string?)json["outcome"]);
        Assert.Null((string?)json["endedUtc"]);
        Assert.Equal("2026-03-01T09:30:05+00:00", (string?)json["startedUtc"]);
        Assert.Equal(0.006, (double?)json["main"]!["learningRate"]);
        Assert.False((bool?)json["main"]!["tf32"]);
        Assert.Equal(512, (int?)json["machine"]!["vectorBits"]);
        Assert.Equal("seed=7", (string?)json["commandLine"]![3]);
    }

    [Fact]
    public void Description_is_replaced_whole_when_the_run_ends()
    {
        var path = _folder.File("run.json");
        Example.Write(path);
        var ended = Example with
        {
            Outcome = RunOutcome.Failed,
            Message = "step 12, sample 'train/7': the loss is not finite",
            EndedUtc = Example.StartedUtc.AddMinutes(2),
            RejectedSamples = 3,
            SweepOf = new WeightsOrigin("/runs/a/b", "final"),
            Main = Example.Main with { Steps = 20_000, DegenerateRows = new Dictionary<string, long> { ["relative"] = 2, ["kernelized"] = 0 } },
        };

        ended.Write(path);
        var read = RunDescription.Read(path);

        Assert.Equal(RunOutcome.Failed, read.Outcome);
        Assert.Equal(ended.Message, read.Message);
        Assert.Equal(ended.EndedUtc, read.EndedUtc);
        Assert.Equal(ended.SweepOf, read.SweepOf);
        Assert.Equal(2, read.Main.DegenerateRows["relative"]);
        Assert.Equal(ended.CommandLine, read.CommandLine);
        Assert.Equal(ended.Machine, read.Machine);
        Assert.Null(read.Contrast);
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Reading_names_the_file_when_it_is_absent_or_no_description()
    {
        var path = _folder.File("run.json");
        Assert.Contains(path, Assert.Throws<RunDirectoryException>(() => RunDescription.Read(path)).Message, StringComparison.Ordinal);
        foreach (var content in new[] { "null", "{}", "{ \"study\": 1 }", "" })
        {
            File.WriteAllText(path, content);
            Assert.Contains(path, Assert.Throws<RunDirectoryException>(() => RunDescription.Read(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Machine_and_versions_are_those_of_this_process()
    {
        Assert.Equal(Environment.ProcessorCount, MachineDescription.Current().ProcessorCount);
        Assert.Contains(MachineDescription.Current().VectorBits, new[] { 0, 128, 256, 512 });
        var versions = SoftwareVersions.Current("0.107.0");
        Assert.Equal(Environment.Version.ToString(), versions.DotNet);
        Assert.StartsWith("1.5.", versions.Akka, StringComparison.Ordinal);
        Assert.StartsWith("0.1.0", versions.ElasticityStream, StringComparison.Ordinal);
    }
}
