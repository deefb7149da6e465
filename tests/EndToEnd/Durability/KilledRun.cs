using ElasticityStream.EndToEnd.Durability;
using ElasticityStream.EndToEnd.Fixtures;

[assembly: AssemblyFixture(typeof(KilledRun))]

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>A run that was killed when it had two checkpoints and the half of its steps, for each test to take a copy of and do with it what it likes.</summary>
public sealed class KilledRun : IDisposable
{
    private readonly Lazy<Task<DisturbedRun>> _run = new(async () =>
    {
        var run = new DisturbedRun(Study);
        await run.KilledAsync(Moment.Saved(360));
        return run;
    });

    /// <summary>Its study.</summary>
    public static DurableStudy Study { get; } = DurableStudy.Of("full-forward");

    /// <summary>Copies the run.</summary>
    /// <param name="to">Takes the copy.</param>
    public async Task<RunFolder> CopyAsync(TemporaryFolder to)
    {
        var run = (await _run.Value).Run!;
        Assert.Equal(2, Moment.Checkpoints(run).Count(c => !c.IsUnfinished));
        // Under its own name, which is the run's id, and wherever it lies now.
        var copy = new RunFolder(to.At($"runs/small/{Path.GetFileName(run.Root)}"));
        foreach (var folder in Directory.GetDirectories(run.Root, "*", SearchOption.AllDirectories).Append(run.Root))
            Directory.CreateDirectory(copy.At(Path.GetRelativePath(run.Root, folder)));
        foreach (var file in Directory.GetFiles(run.Root, "*", SearchOption.AllDirectories))
            File.Copy(file, copy.At(Path.GetRelativePath(run.Root, file)));
        return copy;
    }

    public void Dispose()
    {
        if (_run is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            _run.Value.Result.Dispose();
    }
}
