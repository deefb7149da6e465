using System.Diagnostics;

namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>A program of the machine's own that judges what the repository holds.</summary>
public static class Tool
{
    /// <summary>Where a program is installed; null where it is not.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(p => Path.Combine(p, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program in a folder of the repository and requires that it is content.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="folder">Relative to the repository's root.</param>
    /// <param name="arguments">Its command line.</param>
    /// <returns>What it wrote.</returns>
    public static async Task<string> SucceedsAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.At(folder),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{await output}{error}");
        return await output;
    }
}
