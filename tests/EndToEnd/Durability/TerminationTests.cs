namespace ElasticityStream.EndToEnd.Durability;

/// <summary>SIGTERM in each phase of a study, as from a service manager: the process ends well, and the study goes on as if nothing had happened.</summary>
public sealed class TerminationTests(UndisturbedRuns undisturbed)
{
    private static readonly DurableStudy Delta = DurableStudy.Of("delta-mlp");

    // The sweeps take longer than a glance at the disk, by far.
    private static readonly DurableStudy LongSweeps = new(
        "long-sweeps", "delta-forward auto: the network is convolutional", "model={ type: cnn, channels: [3, 4], hidden: [12] }",
        "training.passes=1", "sweep.every=25");

    private static readonly DurableStudy OnlyASweep = new(
        "only-a-sweep", "delta-forward auto: the network is convolutional", "model={ type: cnn, channels: [3, 4], hidden: [12] }", "training.protocol=sweep");

    // Two seconds of clustering.
    private static readonly DurableStudy LongClustering = new(
        "long-clustering", "delta-forward auto: a fully connected network with more than one hidden layer", "training.passes=2", "clustering.restarts=20000");

    [Fact]
    public async Task While_it_prepares() => await EndsWellAsync(Delta, _ => Moment.Logged("Run ", 0));

    [Fact]
    public async Task While_it_pretrains() => await EndsWellAsync(Delta, _ => Moment.SavedTimes(2, 0), "checkpoint.everyMinutes=0.001");

    [Theory]
    [InlineData("delta-mlp", 150)]
    [InlineData("rank-one-closed", 700)]
    public async Task While_it_trains(string study, int step) => await EndsWellAsync(DurableStudy.Of(study), _ => Moment.Recorded(step));

    [Fact]
    public async Task While_it_sweeps_between_steps() =>
        // The last block before the sweep is recorded before the first of the virtual steps is.
        await EndsWellAsync(LongSweeps, _ => Moment.Recorded(27));

    [Fact]
    public async Task While_it_takes_its_only_sweep() => await EndsWellAsync(OnlyASweep, _ => Moment.Logged("learning-rate", 0));

    [Fact]
    public async Task While_it_clusters_at_the_end() => await EndsWellAsync(LongClustering, steps => Moment.Saved(steps));

    [Fact]
    public async Task While_it_writes_a_checkpoint() => await EndsWellAsync(Delta, _ => Moment.Saving(100), "checkpoint.everySteps=7");

    [Fact]
    public async Task A_second_SIGTERM_ends_it_at_once_and_it_can_go_on()
    {
        SkipWithoutSignals();
        var expected = await undisturbed.OfAsync(LongClustering);
        using var run = new DisturbedRun(LongClustering);
        var host = run.Start();
        await run.ReachedAsync(host, Moment.Saved(expected.Count("steps")));
        host.Terminate();
        await host.ErrorLineAsync("Once more ends at once");
        host.Terminate();

        (await host.EndAsync()).Returned(130);

        await run.FinishAsync();
        SameBits.Check(expected, run.Run!);
    }

    private static void SkipWithoutSignals() => Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: signals are sent as on Unix.");

    private async Task EndsWellAsync(DurableStudy study, Func<long, Moment> moment, params string[] more)
    {
        SkipWithoutSignals();
        var expected = await undisturbed.OfAsync(study);
        using var run = new DisturbedRun(study, more);
        var host = run.Start();
        await run.ReachedAsync(host, moment(expected.Count("steps")));
        host.Terminate();
        (await host.EndAsync()).Returned(0);

        var interrupted = run.Run!;
        Assert.Equal("interrupted", interrupted.Description().GetProperty("outcome").GetString());
        Assert.DoesNotContain("run.db-wal", interrupted.Names("."));
        await run.FinishAsync();
        SameBits.Check(expected, interrupted);
    }
}
