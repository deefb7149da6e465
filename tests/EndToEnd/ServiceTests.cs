using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd;

/// <summary>A study as a service: what it tells the service manager, and the one command that begins it and goes on with it.</summary>
public sealed class ServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_service_manager_is_told_when_the_study_is_ready_how_far_it_is_and_that_it_ends()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: service managers are told by datagrams as on Linux.");
        using var manager = new ServiceManager(_folder);
        using var host = manager.Start(_folder, SmallStudy.Arguments(_folder, "training.passes=unlimited"));

        Assert.StartsWith("READY=1\nSTATUS=", Assert.Single(await manager.UntilAsync("READY=1")), StringComparison.Ordinal);
        Assert.True(File.Exists(RunFolder.Only(_folder.At("runs"), "small").At("run.db")));
        Assert.All(await manager.UntilAsync("STATUS=training  relu  step "), m => Assert.StartsWith("STATUS=", m, StringComparison.Ordinal));
        host.Terminate();
        var last = (await manager.UntilAsync("STOPPING=1"))[^1];

        Assert.Equal("STOPPING=1\nSTATUS=ending after the block under way", last);
        (await host.EndAsync()).Returned(0);
    }

    [Fact]
    public async Task The_same_command_begins_a_study_goes_on_with_it_after_a_kill_and_leaves_it_alone_once_it_is_complete()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: service managers are told by datagrams as on Linux.");
        using var manager = new ServiceManager(_folder);
        string[] command = [.. SmallStudy.Arguments(_folder, "training.passes=600", "checkpoint.everySteps=64"), "--or-resume"];
        using (var killed = manager.Start(_folder, command))
        {
            await manager.UntilAsync("READY=1");
            Assert.True(await killed.UntilAsync(() => Directory.Exists(Checkpoints()) && Directory.GetDirectories(Checkpoints(), "step-*").Length > 0));
            killed.Kill();
        }

        using (var second = manager.Start(_folder, command))
        {
            await manager.UntilAsync("READY=1");
            var ended = (await second.EndAsync()).Returned(0);
            Assert.Contains("relu: goes on at step ", ended.Error, StringComparison.Ordinal);
            Assert.Contains("Study small: completed", ended.Output, StringComparison.Ordinal);
        }

        var run = RunFolder.Only(_folder.At("runs"), "small");
        Assert.Equal(60_000, run.Count("steps"));
        Assert.Single(run.Description().GetProperty("resumed").EnumerateArray());
        using var third = manager.Start(_folder, command);
        await manager.UntilAsync($"READY=1\nSTATUS=The run {Path.GetFileName(run.Root)} is complete");
        Assert.Contains("There is nothing to go on with", (await third.EndAsync()).Returned(0).Error, StringComparison.Ordinal);

        string Checkpoints() => RunFolder.Only(_folder.At("runs"), "small").At("checkpoints");
    }

    [Fact]
    public async Task A_study_that_was_changed_is_another_one_and_a_damaged_run_is_not_passed_over()
    {
        var run = await SmallStudy.RunAsync(_folder);

        (await HostProcess.RunAsync(_folder.Root, [.. SmallStudy.Arguments(_folder, "seed=2"), "--or-resume"])).Returned(0);
        Assert.Equal(2, Directory.GetDirectories(_folder.At("runs/small")).Length);
        Directory.Delete(Directory.GetDirectories(_folder.At("runs/small")).Single(r => r != run.Root), recursive: true);
        File.WriteAllText(run.At("run.json"), "{");

        var refused = (await HostProcess.RunAsync(_folder.Root, [.. SmallStudy.Arguments(_folder), "--or-resume"])).Returned(2);

        Assert.Contains("may be the run to go on with", refused.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(_folder.At("runs/small")));
    }
}
