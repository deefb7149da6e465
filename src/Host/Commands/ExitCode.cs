namespace ElasticityStream.Host.Commands;

/// <summary>What the process returns to its caller.</summary>
internal static class ExitCode
{
    /// <summary>Done, also when it was asked to end early.</summary>
    public const int Done = 0;

    /// <summary>Started, and failed.</summary>
    public const int Failed = 1;

    /// <summary>Not started: bad usage, configuration, or a data file that it names.</summary>
    public const int BadConfiguration = 2;

    /// <summary>Interrupted a second time, and ended at once.</summary>
    public const int InterruptedTwice = 130;
}
