using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Status;
using ElasticityStream.Host.Tests.RunFiles;

namespace ElasticityStream.Host.Tests.Status;

public sealed class RunListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Runs => _folder.File("runs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_are_found_and_whatever_else_lies_there_is_not()
    {
        var run = SampleRun.Create(Runs, SampleRun.Description with { Contrast = SampleRun.Model("784-256-1 identity") });
        var other = SampleRun.Create(Path.Combine(Runs, "group"), SampleRun.Description, id: "d4e5f6");
        foreach (var none in new[] { "empty", "notes/2026", "digits/.20260301-093005-b1b2c3.tmp", ".prometheus", "a/b/c/d/e/20260301-093005-a1b2c3" })
            Directory.CreateDirectory(Path.Combine(Runs, none));
        File.WriteAllText(Path.Combine(Runs, "run.txt"), "");

        Assert.Equal(new[] { run.Root, other.Root }.Order(), RunSearch.Find(Runs).Order());
        Assert.Equal([run.Root], RunSearch.Find(run.Root));
        Assert.Equal([run.Root], RunSearch.Find($"{run.Root}{Path.DirectorySeparatorChar}"));
    }

    [Fact]
    public void Links_are_not_followed_so_that_loops_of_them_do_no_harm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: links need rights there.");
        var run = SampleRun.Create(Runs, SampleRun.Description);
        Directory.CreateSymbolicLink(Path.Combine(Runs, "loop"), Runs);
        Directory.CreateSymbolicLink(Path.Combine(Runs, "digits", "latest"), run.Root);
        Directory.CreateSymbolicLink(_folder.File("elsewhere"), Runs);

        Assert.Equal([run.Root], RunSearch.Find(Runs));
        Assert.Equal([run.Root], RunSearch.Find(_folder.File("elsewhere")).Select(f => f.Replace("elsewhere", "runs", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(RunOutcome.Completed, false, RunState.Completed)]
    [InlineData(RunOutcome.Interrupted, false, RunState.Interrupted)]
    [InlineData(RunOutcome.Failed, false, RunState.Failed)]
    [InlineData(RunOutcome.Running, true, RunState.Running)]
    [InlineData(RunOutcome.Running, false, RunState.Abandoned)]
    public void State_is_what_the_run_says_unless_nobody_has_it_any_more(RunOutcome outcome, bool taken, object state)
    {
        var run = SampleRun.Create(Runs, SampleRun.Description with { Outcome = outcome, EndedUtc = outcome == RunOutcome.Running ? null : SampleRun.Started.AddMinutes(2) });
        using var held = RunLock.Take(run.Root);
        if (!taken)
            held.Dispose();

        var entry = RunEntry.Read(run.Root, SampleRun.Started.AddHours(1));

        Assert.Equal(state, entry.State);
        Assert.Equal(state switch { RunState.Running => 3600, RunState.Abandoned => null, _ => 120.0 }, entry.Seconds);
    }

    [Fact]
    public void Entry_has_the_steps_of_the_database_and_its_time_counts_from_the_latest_start()
    {
        var again = new RunResumption(SampleRun.Started.AddHours(2), 1, null, [], SampleRun.Description.Versions, SampleRun.Description.Machine);
        var run = SampleRun.Create(Runs, SampleRun.Description with { Outcome = RunOutcome.Completed, Resumed = [again], EndedUtc = again.AtUtc.AddMinutes(3) });
        using (var database = new RunDatabase(run.Main.Database))
            database.RecordSteps([SampleRun.Step(0), SampleRun.Step(1)]);

        var entry = RunEntry.Read(run.Root, SampleRun.Started.AddDays(1));

        Assert.Equal((2, 10_000, 180, 1), (entry.Steps, entry.TotalSteps, entry.Seconds, entry.Resumed));
    }

    [Fact]
    public void Damaged_and_half_written_runs_are_lines_of_their_own()
    {
        var damaged = SampleRun.Create(Runs, SampleRun.Description);
        File.WriteAllText(damaged.DescriptionFile, "{ \"study\": ");
        var begun = Directory.CreateDirectory(Path.Combine(Runs, "digits", "20260301-093006-a1b2c3")).FullName;
        var sweep = SampleRun.Create(Runs, SampleRun.Description with { SweepOf = new WeightsOrigin(damaged.Root, "final"), Outcome = RunOutcome.Completed }, id: "d4e5f6");
        var lost = SampleRun.Create(Runs, SampleRun.Description with { Outcome = RunOutcome.Completed, EndedUtc = SampleRun.Started.AddSeconds(5) }, id: "e5f6a7");
        File.WriteAllText(lost.Main.Database, "no database, however long it may be");

        var entries = RunSearch.Find(Runs).Order(StringComparer.Ordinal).Select(f => RunEntry.Read(f, SampleRun.Started)).ToArray();

        Assert.Equal([damaged.Root, sweep.Root, lost.Root, begun], entries.Select(e => e.Folder));
        Assert.Equal([RunState.Damaged, RunState.Completed, RunState.Completed, RunState.Damaged], entries.Select(e => e.State));
        Assert.Contains("is not the description of a run", entries[0].Message, StringComparison.Ordinal);
        Assert.Equal("final", entries[1].SweepOf!.Weights);
        Assert.Null(entries[2].Steps);
        Assert.Contains("is not an SQLite database", entries[2].Message, StringComparison.Ordinal);
        Assert.Contains("no run.json", entries[3].Message, StringComparison.Ordinal);
        using var text = new StringWriter();
        RunListText.Write(entries, Runs, text, isTerminal: false, 0);
        var lines = text.ToString().Split('\n');
        Assert.Equal("  study   run                            state      started (UTC)           time  steps  resumed", lines[1]);
        Assert.Equal("  -       digits/20260301-093005-a1b2c3  damaged    -                          -      -        -", lines[3]);
        Assert.Equal("  digits  20260301-093005-d4e5f6         completed  2026-03-01 09:30:05        -  sweep        -", lines[4]);
        Assert.Equal("  digits  20260301-093005-e5f6a7         completed  2026-03-01 09:30:05  0:00:05      -        -", lines[5]);
        Assert.Equal(3, lines.Skip(7).Count(l => l.Contains(": ", StringComparison.Ordinal)));
    }
}
