namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>How a run of the host ended.</summary>
/// <param name="ExitCode">What it returned.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Error">All of its standard error.</param>
public sealed record HostRun(int ExitCode, string Output, string Error)
{
    /// <summary>Fails the test, showing what the host said, unless it returned this.</summary>
    public HostRun Returned(int exitCode)
    {
        Assert.True(exitCode == ExitCode, $"Exit code {ExitCode}, expected {exitCode}.\n--- stdout\n{Output}\n--- stderr\n{Error}");
        return this;
    }
}
