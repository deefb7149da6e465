using System.Text.Json;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;
using ElasticityStream.Host.Status;
using ElasticityStream.Host.Tests.Progress;
using ElasticityStream.Host.Tests.RunFiles;
using ElasticityStream.Host.Tests.RunFiles.Checkpoints;

namespace ElasticityStream.Host.Tests.Status;

public sealed class RunStandingTests : IDisposable
{
    private static readonly DateTimeOffset Now = SampleRun.Started.AddMinutes(75);
    private readonly TemporaryFolder _folder = new();

    private string Runs => _folder.File("runs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Standing_has_the_latest_of_everything_while_the_run_is_written()
    {
        var again = new RunResumption(SampleRun.Started.AddMinutes(15), 2, null, [], SampleRun.Description.Versions, SampleRun.Description.Machine);
        var run = SampleRun.Create(
            Runs, SampleRun.Description with { Resumed = [again], Contrast = SampleRun.Model("784-256-1 identity") },
            Configuration.Studies.Smallest + "\noutput: { window: 2 }");
        using var held = RunLock.Take(run.Root);
        using var database = new RunDatabase(run.Main.Database);
        database.RecordSteps([SampleRun.Step(0, 9), SampleRun.Step(1, 1), SampleRun.Step(2, 0.5, correct: false)]);
        database.RecordIndex([Index(1, "online", 0.5), Index(2, "online", 0.6), Index(2, "sweep", null)]);
        database.RecordClusterings([SampleRun.Clustering(1, 0.5, 0.7), SampleRun.Clustering(2, 0.75, double.NaN)]);
        database.RecordRejectedSample(new RejectedSampleRow(4, "train/4", "label", "2 is no probability"));
        foreach (var kind in new[] { "started", "rewound", "sweep", "gap", "resumed", "rewound", "rewound", "source-restarted" })
            database.RecordEvent(new EventRow(2, kind, $"{kind}\nonce"));
        SaveCheckpoints(run.Main.Checkpoints, 1, 2);
        Directory.CreateDirectory(Path.Combine(run.Main.Checkpoints, "step-000000000003"));

        var standing = RunStandingReader.Read(run, Now);

        Assert.Equal((RunState.Running, 3600, 1), (standing.State, standing.Seconds, standing.RejectedSamples));
        Assert.Equal([new(again.AtUtc, 2, null)], standing.Resumed);
        Assert.True(standing.Bytes > new FileInfo(run.Main.Database).Length);
        var main = standing.Models[0];
        Assert.Equal((3, 10_000), (main.Steps, main.TotalSteps));
        Assert.Equal(new LossStanding(2, 0.75, 0.5), main.Latest);
        Assert.Equal([("online", 0.6), ("sweep", null)], main.Elasticity.Select(e => (e.Protocol, e.Index)));
        Assert.Equal([(2, 0.75, null)], main.Clusterings.Select(c => (c.Step, c.Accuracy, c.ControlAccuracy)));
        Assert.Equal(["gap", "resumed", "rewound", "rewound", "source-restarted"], main.Events.Select(e => e.Kind));
        var checkpoints = main.Checkpoints!;
        Assert.Equal((2, 2, SampleRun.Started, 4500), (checkpoints.Kept, checkpoints.LatestStep, checkpoints.LatestUtc, checkpoints.AgeSeconds));
        Assert.Equal(CheckpointReader.List(run.Main.Checkpoints).Checkpoints.Sum(c => c.Bytes), checkpoints.Bytes);
        Assert.Contains("step-000000000003", Assert.Single(checkpoints.Damaged), StringComparison.Ordinal);
        Assert.Equal(("contrast", 0, null), (standing.Models[1].Role, standing.Models[1].Steps, standing.Models[1].Latest));
        Assert.Empty(standing.Problems);

        var text = Text(standing);
        Assert.StartsWith("Study digits, run 20260301-093005-a1b2c3: running for 1:00:00\n\n  folder     there (", text, StringComparison.Ordinal);
        Assert.Contains("\n  resumed    2026-03-01 09:45:05 UTC at step 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\n  main      784-256-1 relu      cpu     3/10,000  0.75        50.0           2\n", text, StringComparison.Ordinal);
        Assert.Contains("\n  main   kernelized  online             2  0.600      0.513    60           0\n", text, StringComparison.Ordinal);
        Assert.Contains("source-restarted  source-restarted once\n", text, StringComparison.Ordinal);
        Assert.Contains("\nCannot be read: checkpoints/step-000000000003: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("elasticity resume", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunOutcome.Running, "abandoned\nIts process ended without a word: it was killed, the machine stopped, or the disk was full.\nTo go on with it: elasticity resume there\n")]
    [InlineData(RunOutcome.Interrupted, "interrupted\nTo go on with it: elasticity resume there\n")]
    [InlineData(RunOutcome.Failed, "failed, the loss is  not finite\nTo go on with it: elasticity resume there\n")]
    [InlineData(RunOutcome.Completed, "completed\n\n")]
    public void Text_says_how_to_go_on_where_that_can_be_done(RunOutcome outcome, string expected)
    {
        var run = SampleRun.Create(
            Runs, SampleRun.Description with { Outcome = outcome, Message = outcome == RunOutcome.Failed ? "the loss is\r\nnot finite" : null });

        Assert.StartsWith($"Study digits, run {run.Id}: {expected}", Text(RunStandingReader.Read(run, Now)), StringComparison.Ordinal);
    }

    [Fact]
    public void Sweep_is_not_gone_on_with_but_taken_anew()
    {
        var run = SampleRun.Create(Runs, SampleRun.Description with { Outcome = RunOutcome.Failed, SweepOf = new WeightsOrigin("/runs/a", "initial") });

        var text = Text(RunStandingReader.Read(run, Now));

        Assert.Contains("\nA sweep is taken anew: elasticity sweep /runs/a --weights initial\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("resume", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_said_beside_the_rest()
    {
        var run = SampleRun.Create(Runs, SampleRun.Description with { Outcome = RunOutcome.Completed }, study: "not a study");
        File.WriteAllText(run.Main.Database, "no database, however long it may be");

        var standing = RunStandingReader.Read(run, Now);

        Assert.Null(standing.Models[0].Steps);
        Assert.Null(standing.RejectedSamples);
        Assert.Contains(run.Main.Database, Assert.Single(standing.Problems), StringComparison.Ordinal);
        Assert.Contains($"\nCannot be read: {standing.Problems[0]}\n", Text(standing), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_that_is_written_to_has_a_size_without_what_links_lead_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: links need rights there.");
        var folder = Directory.CreateDirectory(_folder.File("sized/within")).Parent!.FullName;
        File.WriteAllBytes(Path.Combine(folder, "a"), new byte[100]);
        File.WriteAllBytes(Path.Combine(folder, "within", ".b"), new byte[11]);
        File.CreateSymbolicLink(Path.Combine(folder, "c"), Path.Combine(folder, "a"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "within", "loop"), folder);

        Assert.Equal(111, FolderSize.Of(folder));
    }

    [Fact]
    public void Names_in_json_are_those_of_the_documentation()
    {
        var run = SampleRun.Create(Runs, SampleRun.Description with { SweepOf = new WeightsOrigin("/runs/a", "final") });
        using (var database = new RunDatabase(run.Main.Database))
        {
            database.RecordSteps([SampleRun.Step(0)]);
            database.RecordIndex([Index(1, "online", 0.5)]);
            database.RecordClusterings([SampleRun.Clustering(1, 0.5, 0.7)]);
            database.RecordEvent(new EventRow(1, EventKinds.Gap, ""));
        }

        SaveCheckpoints(run.Main.Checkpoints, 1);
        var again = new RunResumption(Now, 2, null, [], SampleRun.Description.Versions, SampleRun.Description.Machine);
        (SampleRun.Description with { Resumed = [again] }).Write(run.DescriptionFile);

        var page = File.ReadAllText(Configuration.RepositoryFiles.At("docs/operations.md"));
        var documented = page.Split("## JSON of `status` and `list`")[1].Split("\n## ")[0].Split('\n')
            .Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(l => l.Split('|')[1].Split(',').Select(n => n.Trim().Trim('`'))).ToHashSet(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var status = JsonDocument.Parse(JsonSerializer.Serialize(RunStandingReader.Read(run, Now), StatusJson.Default.RunStanding));
        using var list = JsonDocument.Parse(JsonSerializer.Serialize([RunEntry.Read(run.Root, Now)], StatusJson.Default.IReadOnlyListRunEntry));
        Collect(status.RootElement, "");
        Collect(list.RootElement, "");
        names.RemoveWhere(n => n.StartsWith("sweepOf.", StringComparison.Ordinal));

        Assert.Equal(names.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));

        void Collect(JsonElement element, string path)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray())
                    Collect(item, path);
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in element.EnumerateObject())
                {
                    var name = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                    names.Add(name);
                    Collect(property.Value, name);
                }
            }
        }
    }

    private static ElasticityIndexRow Index(long step, string protocol, double? index) =>
        new(step, protocol, "kernelized", index, 0.513, 0.4, 0.3, 60, 0);

    private static void SaveCheckpoints(string folder, params long[] steps)
    {
        var store = new CheckpointStore(folder, "run", "study", keep: 2, keepEvery: null, new FakeTime());
        foreach (var step in steps)
            store.Save(SampleCheckpoint.Create(step));
    }

    private static string Text(RunStanding standing)
    {
        using var text = new StringWriter();
        StandingText.Write(standing, "there", text, isTerminal: false, 0);
        return text.ToString();
    }
}
