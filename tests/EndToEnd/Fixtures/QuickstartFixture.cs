namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>The quickstart, run once as the README says.</summary>
public sealed class QuickstartFixture : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public HostRun Ended { get; private set; } = new(-1, "", "");

    public RunFolder Run { get; private set; } = new("");

    public string Folder => _folder.Root;

    public async ValueTask InitializeAsync()
    {
        Ended = (await HostProcess.RunAsync(_folder.Root, "run", Repository.At("configs/quickstart.yaml"))).Returned(0);
        Run = RunFolder.Only(_folder.At("runs"), "quickstart");
    }

    /// <summary>The rows of one of the printed tables, cell by cell.</summary>
    /// <param name="title">The line above it.</param>
    public List<string[]> Table(string title)
    {
        var lines = Ended.Output.Split('\n');
        var start = Array.IndexOf(lines, title);
        Assert.True(start >= 0, $"No table '{title}' in:\n{Ended.Output}");
        return [.. lines[(start + 3)..].TakeWhile(l => l.Length > 0).Select(l => l.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _folder.Dispose();
}
