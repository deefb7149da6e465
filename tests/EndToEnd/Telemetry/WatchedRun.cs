using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Telemetry;

/// <summary>A run that goes on until it is ended, with rejected samples, sweeps, clusterings and checkpoints, and what it serves.</summary>
internal sealed class WatchedRun : IDisposable
{
    private readonly HttpClient _client;

    private WatchedRun(HostProcess host, string announcement)
    {
        Host = host;
        Announcement = announcement;
        _client = new HttpClient { BaseAddress = AddressIn(announcement) };
    }

    public HostProcess Host { get; }

    /// <summary>The line that says where it is served.</summary>
    public string Announcement { get; }

    public Uri Address => _client.BaseAddress!;

    /// <summary>Starts a run and waits until it trains.</summary>
    /// <param name="folder">Its working directory.</param>
    /// <param name="port">As in <c>--port</c>.</param>
    /// <param name="replaced">As in <c>--set</c>.</param>
    public static async Task<WatchedRun> StartAsync(TemporaryFolder folder, int port, params string[] replaced)
    {
        // One label in a hundred is no probability; one sample in five is auxiliary.
        var rows = Enumerable.Range(0, 200).Select(i => FormattableString.Invariant(
            $"{(i % 100 == 99 ? 2 : i % 2)},{(i % 2 == 0 ? "even" : "odd")},{(i % 5 == 0 ? "auxiliary" : "primary")},{Math.Sin(i)},{Math.Cos(i)},{i % 2}"));
        folder.Write("samples.csv", $"label,class,role,a,b,c\n{string.Join('\n', rows)}\n");
        return await StartAsync(HostProcess.Start(folder.Root, [.. SmallStudy.ArgumentsOf(folder, Text, replaced), "--port", $"{port}"]));
    }

    /// <summary>Goes on with one that has ended.</summary>
    public static Task<WatchedRun> ResumeAsync(TemporaryFolder folder, RunFolder run) =>
        StartAsync(HostProcess.Start(folder.Root, "resume", run.Root, "--port", "0"));

    private static async Task<WatchedRun> StartAsync(HostProcess host)
    {
        try
        {
            var announcement = await host.ErrorLineAsync("Live page at ");
            await host.ErrorLineAsync("  training  relu  step ");
            return new WatchedRun(host, announcement);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Where the live page is, as a run announces it.</summary>
    public static Uri AddressIn(string announcement) => new(announcement.Split(' ')[^1][..^"metrics".Length]);

    public Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(path, TestContext.Current.CancellationToken);

    public async Task<string> TextAsync(string path)
    {
        using var answer = await GetAsync(path);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _client.Dispose();
        Host.Dispose();
    }

    private const string Text = """
        name: watched
        seed: 1
        source:
          type: csv
          maxRejectedFraction: 0.1
          options: { file: samples.csv, classColumn: class, roleColumn: role }
        model: { type: mlp, hidden: [8] }
        training: { loss: bce, learningRate: 0.001, passes: 1000000 }
        probe: { count: 40 }
        sweep: { every: 500 }
        clustering: { restarts: 2, every: 500 }
        checkpoint: { everyMinutes: 0.02 }
        """;
}
