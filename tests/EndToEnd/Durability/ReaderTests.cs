using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>Nobody reads what the host writes any more: results are kept all the same.</summary>
public sealed class ReaderTests(UndisturbedRuns undisturbed, KilledRun killed)
{
    private static readonly DurableStudy Study = DurableStudy.Of("full-forward");

    [Fact]
    public async Task A_reader_that_takes_one_line_and_leaves_takes_nothing_from_the_run()
    {
        var bash = Tool.Find("bash");
        Assert.SkipWhen(bash is null, "NOT TESTED: there is no bash on the PATH.");
        using var run = new DisturbedRun(Study);
        // Its exit code is that of the host, where head ends well.
        var host = run.Start([bash, "-c", "set -o pipefail; \"$@\" 2>&1 | head -n 1", "bash"]);
        Assert.Single((await host.EndAsync()).Returned(0).Output.TrimEnd('\n').Split('\n'));

        SameBits.Check(await undisturbed.OfAsync(Study), run.Run!);
    }

    [Fact]
    public async Task A_signal_ends_a_run_well_that_nobody_reads_and_it_goes_on_unread()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: signals are sent as on Unix.");
        using var run = new DisturbedRun(Study);
        var host = run.Start();
        host.CloseReaders();
        await run.ReachedAsync(host, Moment.Recorded(200));
        host.Terminate();
        Assert.Equal(0, await host.ExitAsync());

        Assert.Equal("interrupted", run.Run!.Description().GetProperty("outcome").GetString());
        host = run.Resume();
        host.CloseReaders();
        Assert.Equal(0, await host.ExitAsync());

        SameBits.Check(await undisturbed.OfAsync(Study), run.Run);
    }

    [Fact]
    public async Task A_run_that_was_moved_goes_on_where_it_lies()
    {
        using var folder = new TemporaryFolder();
        var run = await killed.CopyAsync(folder);

        (await HostProcess.RunAsync(run.Root, "resume", ".")).Returned(0);

        SameBits.Check(await undisturbed.OfAsync(Study), run);
    }
}
