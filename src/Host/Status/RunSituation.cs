using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Status;

/// <summary>What a run says of itself, and whether that is still so.</summary>
/// <param name="Description">Its <c>run.json</c>.</param>
/// <param name="State">Where it stands.</param>
internal sealed record RunSituation(RunDescription Description, RunState State)
{
    /// <summary>When the latest of its processes began.</summary>
    public DateTimeOffset LatestStart => Description.Resumed is [.., var last] ? last.AtUtc : Description.StartedUtc;

    /// <summary>Reads it. Nothing is written, and a process that runs it does not notice.</summary>
    /// <param name="directory">The run.</param>
    /// <exception cref="RunDirectoryException">It cannot be read.</exception>
    public static RunSituation Read(RunDirectory directory)
    {
        var description = RunDescription.Read(directory.DescriptionFile);
        if (description.Outcome == RunOutcome.Running)
        {
            if (IsTaken(directory.Root))
                return new RunSituation(description, RunState.Running);
            // A process writes how the run ended before it gives it back: it may have done both since.
            description = RunDescription.Read(directory.DescriptionFile);
        }

        return new RunSituation(description, description.Outcome switch
        {
            RunOutcome.Completed => RunState.Completed,
            RunOutcome.Interrupted => RunState.Interrupted,
            RunOutcome.Failed => RunState.Failed,
            _ => RunState.Abandoned,
        });
    }

    /// <summary>How long the latest of its processes ran, or has run by now; null where nobody knows when it ended.</summary>
    public TimeSpan? Duration(DateTimeOffset now) => State == RunState.Running ? now - LatestStart : Description.EndedUtc - LatestStart;

    private static bool IsTaken(string root)
    {
        try
        {
            return RunLock.IsTaken(root);
        }
        catch (UnauthorizedAccessException e)
        {
            throw RunDirectoryException.From(root, "tell whether a process has", e);
        }
    }
}
