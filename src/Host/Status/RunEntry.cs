using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Status;

/// <summary>One run among others (<c>elasticity list</c>).</summary>
/// <param name="Study">The study's name; null if it cannot be read.</param>
/// <param name="Run">The run's id, the name of its folder.</param>
/// <param name="Folder">Its folder, an absolute path.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Message">Why it failed, who interrupted it, or what is damaged; null if there is nothing to say.</param>
/// <param name="StartedUtc">When it started; null if that cannot be read.</param>
/// <param name="EndedUtc">When it ended; null if it has not, or nobody knows.</param>
/// <param name="Seconds">How long the latest of its processes ran, or has run by now; null if nobody knows.</param>
/// <param name="Steps">How many steps of the study's own model are recorded; null if that cannot be read.</param>
/// <param name="TotalSteps">How many it has; null if there is no end, or nobody knows.</param>
/// <param name="Resumed">How often it went on after its process had ended.</param>
/// <param name="SweepOf">Whose weights were swept; null unless it is a sweep at the weights of another run.</param>
internal sealed record RunEntry(
    string? Study, string Run, string Folder, RunState State, string? Message, DateTimeOffset? StartedUtc, DateTimeOffset? EndedUtc, double? Seconds,
    long? Steps, long? TotalSteps, int Resumed, WeightsOrigin? SweepOf)
{
    /// <summary>Reads what there is to say of a run. One that is damaged is an entry too.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="now">The time.</param>
    public static RunEntry Read(string folder, DateTimeOffset now)
    {
        var directory = RunDirectory.Existing(folder);
        if (!File.Exists(directory.DescriptionFile))
            return Damaged(directory, "it has no run.json: its process ended as it began, or the file was removed.");
        RunSituation situation;
        try
        {
            situation = RunSituation.Read(directory);
        }
        catch (RunDirectoryException e)
        {
            return Damaged(directory, e.Message);
        }

        var description = situation.Description;
        var (steps, problem) = StepsIn(directory.Main.Database);
        return new RunEntry(
            description.Study, directory.Id, directory.Root, situation.State, problem ?? description.Message, description.StartedUtc,
            description.EndedUtc, situation.Duration(now)?.TotalSeconds, steps, description.Main.TotalSteps, description.Resumed.Count, description.SweepOf);
    }

    private static RunEntry Damaged(RunDirectory directory, string reason) =>
        new(null, directory.Id, directory.Root, RunState.Damaged, reason, null, null, null, null, null, 0, null);

    private static (long? Steps, string? Problem) StepsIn(string database)
    {
        if (!File.Exists(database))
            return (0, null);
        try
        {
            using var reader = new RunDatabaseReader(database);
            return (reader.ReadStepsDone(), null);
        }
        catch (RunDirectoryException e)
        {
            return (null, e.Message);
        }
    }
}
