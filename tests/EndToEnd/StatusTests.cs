using System.Globalization;
using System.Text.Json;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd;

/// <summary><c>elasticity status</c> and <c>list</c> beside a study: while it runs, after it was killed, and after its end.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_is_killed_and_gone_on_with_is_followed_to_its_end()
    {
        using (var host = HostProcess.Start(
            _folder.Root, SmallStudy.Arguments(_folder, "training.passes=1000000", "contrast={ activation: identity }", "checkpoint.everySteps=64")))
        {
            // The second line of the training comes when five seconds of it have passed, and every block since has been recorded.
            await host.ErrorLineAsync("  training  relu  step ");
            await host.ErrorLineAsync("  training  relu  step ");
            var running = await StatusAsync(RunFolder.Only(_folder.At("runs"), "small").Root);
            Assert.Equal("running", running.GetProperty("state").GetString());
            var main = running.GetProperty("models")[0];
            Assert.InRange(main.GetProperty("steps").GetInt64(), 64, 100_000_000);
            Assert.Equal(100_000_000, main.GetProperty("totalSteps").GetInt64());
            Assert.InRange(main.GetProperty("latest").GetProperty("loss").GetDouble(), 0, 1);
            Assert.InRange(main.GetProperty("checkpoints").GetProperty("kept").GetInt32(), 1, 3);
            Assert.Equal(0, running.GetProperty("models")[1].GetProperty("steps").GetInt64());
            Assert.Equal("running", Assert.Single(await ListAsync()).GetProperty("state").GetString());
            host.Kill();
        }

        var run = RunFolder.Only(_folder.At("runs"), "small");
        Assert.Equal("abandoned", (await StatusAsync(run.Root)).GetProperty("state").GetString());
        var shown = (await HostProcess.RunAsync(_folder.Root, "status", run.Root)).Returned(0);
        Assert.Contains($"To go on with it: elasticity resume {Path.GetRelativePath(_folder.Root, run.Root)}\n", shown.Output, StringComparison.Ordinal);

        using (var host = HostProcess.Start(_folder.Root, "resume", run.Root))
        {
            await host.ErrorLineAsync("  training  relu  step ");
            host.Terminate();
            (await host.EndAsync()).Returned(0);
        }

        var ended = await StatusAsync(run.Root);
        Assert.Equal("interrupted", ended.GetProperty("state").GetString());
        Assert.Equal(run.Count("steps"), ended.GetProperty("models")[0].GetProperty("steps").GetInt64());
        var resumed = Assert.Single(ended.GetProperty("resumed").EnumerateArray());
        Assert.Equal(0, resumed.GetProperty("step").GetInt64() % 64);
        Assert.Equal("resumed", Assert.Single(ended.GetProperty("models")[0].GetProperty("events").EnumerateArray()).GetProperty("kind").GetString());
        var entry = Assert.Single(await ListAsync());
        Assert.Equal((1, "interrupted"), (entry.GetProperty("resumed").GetInt32(), entry.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Whatever_is_not_there_is_refused_and_an_empty_folder_is_none()
    {
        Directory.CreateDirectory(_folder.At("empty"));

        Assert.Contains("'empty' is not the folder of a run", (await HostProcess.RunAsync(_folder.Root, "status", "empty")).Returned(2).Error, StringComparison.Ordinal);
        Assert.Contains("There is no folder 'runs'", (await HostProcess.RunAsync(_folder.Root, "list")).Returned(2).Error, StringComparison.Ordinal);
        Assert.Equal("There are no runs in empty.\n", (await HostProcess.RunAsync(_folder.Root, "list", "empty")).Returned(0).Output);
        Assert.Equal("[]\n", (await HostProcess.RunAsync(_folder.Root, "list", "empty", "--json")).Returned(0).Output);
    }

    [Fact]
    public async Task A_program_that_opens_the_database_of_a_running_study_for_writing_takes_nothing_from_it()
    {
        Assert.SkipUnless(Tool.Find("sqlite3") is not null, "NOT TESTED: needs SQLite's command line.");
        using var host = HostProcess.Start(_folder.Root, SmallStudy.Arguments(_folder, "training.passes=unlimited", "checkpoint.everySteps=64"));
        await host.ErrorLineAsync("  training  relu  step ");
        var run = RunFolder.Only(_folder.At("runs"), "small");
        Assert.True(await host.UntilAsync(() => Directory.Exists(run.At("checkpoints")) && Directory.GetDirectories(run.At("checkpoints"), "step-*").Length > 0));

        long seen;
        for (var first = seen = await CountAsync(); seen < first + 500; seen = await CountAsync())
            Assert.True(File.Exists(run.At("run.db-wal")), "Whoever closes it takes the log away only where nobody else has it open.");
        host.Kill();

        Assert.InRange(run.Count("steps"), seen, long.MaxValue);

        async Task<long> CountAsync() => long.Parse(
            await Tool.SucceedsAsync(Tool.Find("sqlite3")!, ".", run.At("run.db"), "SELECT COUNT(*) FROM steps"), CultureInfo.InvariantCulture);
    }

    private async Task<JsonElement> StatusAsync(string run) => await JsonAsync("status", run, "--json");

    private async Task<JsonElement[]> ListAsync() => [.. (await JsonAsync("list", "--json")).EnumerateArray()];

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        using var json = JsonDocument.Parse((await HostProcess.RunAsync(_folder.Root, arguments)).Returned(0).Output);
        return json.RootElement.Clone();
    }
}
