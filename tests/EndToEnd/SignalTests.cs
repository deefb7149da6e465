using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd;

/// <summary>Endings from outside, in the middle of a study that would go on for hours.</summary>
public sealed class SignalTests : IDisposable
{
    private const string Endless = "training.passes=1000000";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_signal_ends_the_study_with_what_was_measured_written(bool terminate)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: signals are sent as on Unix.");
        using var host = HostProcess.Start(_folder.Root, SmallStudy.Arguments(_folder, Endless, "contrast={ activation: identity }"));
        await host.ErrorLineAsync("  training  relu  step ");

        if (terminate)
            host.Terminate();
        else
            host.Interrupt();
        var ended = (await host.EndAsync()).Returned(0);

        Assert.Contains("Study small: interrupted, no sample rejected", ended.Output, StringComparison.Ordinal);
        var run = RunFolder.Only(_folder.At("runs"), "small");
        var description = run.Description();
        Assert.Equal("interrupted", description.GetProperty("outcome").GetString());
        var steps = run.Steps();
        Assert.Equal(steps.Count, description.GetProperty("main").GetProperty("steps").GetInt64());
        Assert.Equal(Enumerable.Range(0, steps.Count).Select(s => (long)s), steps.Select(s => s.Step));
        var measured = steps.Where(s => s.Role == "primary").CountBy(s => s.SampleId).ToDictionary();
        Assert.NotEmpty(measured);
        foreach (var measure in new[] { "relative", "kernelized" })
        {
            var ids = run.Ids(measure);
            Assert.Equal(measured.Keys.Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
            Assert.Equal([ids.Length, ids.Length], run.Npy($"similarity/{measure}.npy").Shape);
            Assert.Equal(ids.Select(i => (long)measured[i]), run.Npy($"similarity/{measure}-counts.npy").Longs());
        }

        Assert.Equal(["layer1.bias.npy", "layer1.weight.npy", "layer2.bias.npy", "layer2.weight.npy"], run.Names("weights/final"));
        Assert.NotEmpty(run.Names("plots"));
        Assert.DoesNotContain("run.db-wal", run.Names("."));
    }

    [Fact]
    public async Task A_study_of_unlimited_passes_goes_on_until_a_signal_and_its_weights_can_be_swept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: signals are sent as on Unix.");
        using var host = HostProcess.Start(_folder.Root, SmallStudy.Arguments(_folder, "training.passes=unlimited"));
        var line = await host.ErrorLineAsync("  training  relu  step ");

        host.Interrupt();
        (await host.EndAsync()).Returned(0);

        // Of how many, in how much time: there is no end to count from.
        Assert.DoesNotContain("/", line.Split("step ")[1].Split(' ')[0], StringComparison.Ordinal);
        Assert.DoesNotContain("left", line, StringComparison.Ordinal);
        var run = RunFolder.Only(_folder.At("runs"), "small");
        Assert.Contains("\n  passes: unlimited\n", await File.ReadAllTextAsync(run.At("study.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        (await HostProcess.RunAsync(_folder.Root, "sweep", run.Root)).Returned(0);
    }

    [Fact]
    public async Task A_second_signal_ends_the_process_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: signals are sent as on Unix.");
        // The clustering at the end would take hours, so that the first signal cannot have ended the process already.
        using var host = HostProcess.Start(_folder.Root, SmallStudy.Arguments(_folder, Endless, "clustering.restarts=100000000"));
        await host.ErrorLineAsync("  training  relu  step ");

        host.Interrupt();
        await host.ErrorLineAsync("Once more ends at once");
        host.Interrupt();

        Assert.Equal(130, (await host.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Readers_that_go_away_do_not_end_the_study()
    {
        using var host = HostProcess.Start(_folder.Root, SmallStudy.Arguments(_folder, "training.passes=20"));
        await host.ErrorLineAsync("  training  relu  step ");

        host.CloseReaders();

        Assert.Equal(0, await host.ExitAsync());
        Assert.Equal("completed", RunFolder.Only(_folder.At("runs"), "small").Description().GetProperty("outcome").GetString());
    }
}
