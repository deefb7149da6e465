using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>A run of a study that is ended from outside and gone on with. Its processes end with it.</summary>
/// <param name="study">The study.</param>
/// <param name="more">What else differs, as in <c>--set</c>.</param>
public sealed class DisturbedRun(DurableStudy study, params string[] more) : IDisposable
{
    private readonly List<HostProcess> _processes = [];

    /// <summary>The working directory.</summary>
    public TemporaryFolder Folder { get; } = new();

    /// <summary>The run; null before it has begun.</summary>
    public RunFolder? Run => Directory.Exists(Folder.At("runs/small"))
        ? Directory.GetDirectories(Folder.At("runs/small")).Where(f => !Path.GetFileName(f).StartsWith('.')).Select(f => new RunFolder(f)).SingleOrDefault()
        : null;

    /// <summary>Begins the run.</summary>
    /// <param name="launcher">The program and its arguments that start the host; none for itself.</param>
    public HostProcess Start(params string[] launcher) => Host(study.Arguments(Folder, more), launcher);

    /// <summary>Goes on with it, or begins it if there is none.</summary>
    public HostProcess Resume() => Run is { } run && File.Exists(run.At("run.json")) ? Host(["resume", run.Root]) : Start();

    /// <summary>Goes on with the run to its end, which must be good.</summary>
    public async Task<HostRun> FinishAsync() => (await Resume().EndAsync()).Returned(0);

    /// <summary>Begins the run and kills it.</summary>
    public async Task KilledAsync(Moment moment)
    {
        var host = Start();
        await ReachedAsync(host, moment);
        Assert.Equal(137, await KilledAsync(host));
    }

    /// <summary>Waits until a moment of the run has come; false if the process ended before.</summary>
    public Task<bool> CameAsync(HostProcess host, Moment moment) => host.UntilAsync(() => Run is { } run && moment.IsReached(run));

    /// <summary>Waits until a moment of the run has come, and fails if the process ends before.</summary>
    public async Task ReachedAsync(HostProcess host, Moment moment)
    {
        if (!await CameAsync(host, moment))
            Assert.Fail($"The host ended before '{moment.Name}'.\n{await host.EndAsync()}");
    }

    /// <summary>Kills a process.</summary>
    /// <returns>Its exit code: 137, unless it ended before.</returns>
    public static async Task<int> KilledAsync(HostProcess host)
    {
        host.Kill();
        return await host.ExitAsync();
    }

    public void Dispose()
    {
        foreach (var process in _processes)
            process.Dispose();
        Folder.Dispose();
    }

    private HostProcess Host(string[] arguments, params string[] launcher)
    {
        var host = HostProcess.StartBy(launcher, Repository.HostOutput, Folder.Root, new Dictionary<string, string?>(StringComparer.Ordinal), arguments);
        _processes.Add(host);
        return host;
    }
}
