using System.Diagnostics;
using ElasticityStream.Compute.Native;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Native;

public sealed class TorchRuntimeTests
{
    [Fact]
    public async Task Torch_loads_once_when_many_threads_ask_for_it()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(TorchRuntime.EnsureLoaded, TestContext.Current.CancellationToken)));

        using var scope = torch.NewDisposeScope();
        Assert.Equal(6L, torch.arange(4).sum().item<long>());
    }

    [Fact]
    public void Description_names_the_versions_and_the_copy_in_use()
    {
        var description = TorchRuntime.Description;

        Assert.Equal(torch.__version__, description.TorchVersion);
        Assert.Matches(@"^\d+\.\d+\.\d+$", description.TorchSharpVersion);
        Assert.Contains(description.TorchVersion, description.ToString(), StringComparison.Ordinal);
        Assert.Contains(description.PatchedLibrary ?? description.TorchSharpVersion, description.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_started_at_once_share_one_copy_or_need_none()
    {
        var library = ShippedLibrary.Read();
        using var cache = new TemporaryFolder();
        var before = ProgramFiles();

        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunFirstUse(cache.Path)));

        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Output));
        Assert.All(runs, run => Assert.Contains("Total: 1,", run.Output, StringComparison.Ordinal));
        if (TorchRuntime.Description.PatchedLibrary is null)
            Assert.Empty(cache.AllFiles);
        else
            Assert.Equal(WeakSymbolVersion.Apply(library, ShippedLibrary.Path), File.ReadAllBytes(Assert.Single(cache.AllFiles)));
        Assert.Equal(before, ProgramFiles());
        Assert.Equal(library, ShippedLibrary.Read());
    }

    private static string[] ProgramFiles() => [.. Directory.GetFileSystemEntries(AppContext.BaseDirectory).Order(StringComparer.Ordinal)];

    private static async Task<(int ExitCode, string Output)> RunFirstUse(string cache)
    {
        var program = Path.ChangeExtension(typeof(TorchRuntimeTests).Assembly.Location, null);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, ["-class", typeof(TorchFirstUseTests).FullName!, "-noColor"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["XDG_CACHE_HOME"] = cache },
            },
        };
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
