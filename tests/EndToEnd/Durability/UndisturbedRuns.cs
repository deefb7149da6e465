using System.Collections.Concurrent;
using ElasticityStream.EndToEnd.Durability;
using ElasticityStream.EndToEnd.Fixtures;

[assembly: AssemblyFixture(typeof(UndisturbedRuns))]

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>Each study run once from its start to its end, with no checkpoint on the way, for all tests to compare with.</summary>
public sealed class UndisturbedRuns : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<RunFolder>>> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<TemporaryFolder> _folders = [];

    /// <summary>The run of a study.</summary>
    public Task<RunFolder> OfAsync(DurableStudy study) => OfAsync(study.Name, study.Arguments, study.Ran);

    /// <summary>A run that is made once.</summary>
    /// <param name="name">What tells it from others.</param>
    /// <param name="arguments">Writes its files into a folder and gives its command line.</param>
    /// <param name="check">Fails if it is not what was meant.</param>
    public Task<RunFolder> OfAsync(string name, Func<TemporaryFolder, string[], string[]> arguments, Action<RunFolder> check) =>
        _runs.GetOrAdd(name, _ => new Lazy<Task<RunFolder>>(async () =>
        {
            var folder = new TemporaryFolder();
            _folders.Add(folder);
            (await HostProcess.RunAsync(folder.Root, arguments(folder, []))).Returned(0);
            var run = RunFolder.Only(folder.At("runs"), "small");
            check(run);
            return run;
        })).Value;

    public void Dispose()
    {
        foreach (var folder in _folders)
            folder.Dispose();
    }
}
