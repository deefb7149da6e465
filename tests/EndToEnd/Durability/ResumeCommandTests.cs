using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>What <c>elasticity resume</c> goes on with, and what it refuses.</summary>
public sealed class ResumeCommandTests(KilledRun killed, UndisturbedRuns undisturbed) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("absent")]
    [InlineData(".")]
    public async Task A_folder_that_is_no_run_is_refused(string folder)
    {
        var ended = (await ResumeAsync(folder)).Returned(2);

        Assert.Contains($"'{folder}' is not the folder of a run: it has no run.json.", ended.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task A_run_that_has_ended_has_nothing_to_go_on_with_and_its_sweep_cannot_go_on()
    {
        var run = await SmallStudy.RunAsync(_folder);
        var results = run.Results();
        (await HostProcess.RunAsync(_folder.Root, "sweep", run.Root, "--output", _folder.At("sweeps"))).Returned(0);
        var sweep = RunFolder.Only(_folder.At("sweeps"), "small");

        Assert.Contains("There is nothing to go on with", (await ResumeAsync(run.Root)).Returned(0).Error, StringComparison.Ordinal);
        Assert.Contains("is a sweep, which is not gone on with", (await ResumeAsync(sweep.Root)).Returned(2).Error, StringComparison.Ordinal);
        Assert.Equal(results, run.Results());
        Assert.Empty(run.Description().GetProperty("resumed").EnumerateArray());
    }

    [Theory]
    [InlineData("seed: 3", "seed: 4")]
    [InlineData("passes: 12", "passes: 13")]
    [InlineData("every: 200", "every: 201")]
    public async Task A_study_that_was_changed_in_what_matters_is_refused(string stated, string changed)
    {
        var run = await killed.CopyAsync(_folder);
        Change(run, stated, changed);

        var ended = (await ResumeAsync(run.Root)).Returned(2);

        Assert.Contains("is a checkpoint of another study than study.yaml states", ended.Error, StringComparison.Ordinal);
        Assert.Equal("running", run.Description().GetProperty("outcome").GetString());
        Assert.True(File.Exists(run.At("run.db-wal")), "Nothing has opened the database.");
    }

    [Fact]
    public async Task A_study_goes_on_where_it_is_watched_in_another_way_and_saves_at_other_steps()
    {
        var run = await killed.CopyAsync(_folder);
        Change(run, "serve: false", "serve: true");
        Change(run, "port: 9464", "port: 0");
        Change(run, "everySteps: 60", "everySteps: 1000");

        var ended = (await ResumeAsync(run.Root)).Returned(0);

        Assert.Contains("http://127.0.0.1:", ended.Error, StringComparison.Ordinal);
        SameBits.Check(await undisturbed.OfAsync(KilledRun.Study), run);
    }

    [Fact]
    public async Task A_study_goes_on_where_nobody_takes_its_telemetry()
    {
        var run = await killed.CopyAsync(_folder);
        var nobody = new Dictionary<string, string?>(StringComparer.Ordinal) { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" };

        using (var host = HostProcess.Start(Repository.HostOutput, _folder.Root, nobody, "resume", run.Root))
            (await host.EndAsync()).Returned(0);

        SameBits.Check(await undisturbed.OfAsync(KilledRun.Study), run);
    }

    [Fact]
    public async Task A_run_belongs_to_one_process_until_that_ends()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT TESTED: needs signals and file locks as on Linux.");
        using var run = new DisturbedRun(KilledRun.Study);
        var first = run.Start();
        await run.ReachedAsync(first, Moment.Saved(60));
        // So that it cannot come to its end meanwhile.
        first.Pause();

        var second = (await HostProcess.RunAsync(_folder.Root, "resume", run.Run!.Root)).Returned(1);

        Assert.Contains($"'{run.Run.Root}' is in use by another process: its study still runs.", second.Error, StringComparison.Ordinal);
        Assert.Equal(137, await DisturbedRun.KilledAsync(first));

        await run.FinishAsync();
        SameBits.Check(await undisturbed.OfAsync(KilledRun.Study), run.Run!);
    }

    [Fact]
    public async Task A_run_is_not_kept_within_another()
    {
        var run = await killed.CopyAsync(_folder);
        var before = Directory.GetFileSystemEntries(run.Root, "*", SearchOption.AllDirectories);

        var ended = (await HostProcess.RunAsync(_folder.Root, [.. SmallStudy.Arguments(_folder), "--output", run.Root])).Returned(2);

        Assert.Contains($"'{run.Root}' is the folder of a run, and no run is kept within another.", ended.Error, StringComparison.Ordinal);
        Assert.Contains($"elasticity resume {run.Root}", ended.Error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(run.Root, "*", SearchOption.AllDirectories));
    }

    private Task<HostRun> ResumeAsync(string run) => HostProcess.RunAsync(_folder.Root, "resume", run);

    private static void Change(RunFolder run, string stated, string changed)
    {
        var study = File.ReadAllText(run.At("study.yaml"));
        Assert.Contains(stated, study, StringComparison.Ordinal);
        File.WriteAllText(run.At("study.yaml"), study.Replace(stated, changed, StringComparison.Ordinal));
    }
}
