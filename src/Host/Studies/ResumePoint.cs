using System.Globalization;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Live;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;
using ElasticityStream.Host.Telemetry;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Studies;

/// <summary>Where the models of a run whose process has ended go on.</summary>
/// <param name="Main">The latest good checkpoint of the study's own model; null if it has none, and begins anew.</param>
/// <param name="Contrast">That of the contrast; null likewise.</param>
internal sealed record ResumePoint(LoadedCheckpoint? Main, LoadedCheckpoint? Contrast)
{
    /// <summary>Finds the latest good checkpoints of a run, and says what it found.</summary>
    /// <param name="directory">The run.</param>
    /// <param name="study">Its study.</param>
    /// <param name="say">Takes a line for the user.</param>
    /// <exception cref="SavedRunException">A checkpoint is of another study, or what belongs to it is missing.</exception>
    /// <exception cref="RunDirectoryException">There are checkpoints, but none is good.</exception>
    public static ResumePoint Find(RunDirectory directory, StudyConfiguration study, Action<string> say) => new(
        Find(directory.Main, ModelName.Of(study, ModelChoice.OfStudy(study)), study, say),
        ModelChoice.OfContrast(study) is { } contrast && directory.Contrast is { } files ? Find(files, ModelName.Of(study, contrast), study, say) : null);

    /// <summary>What the models had measured by these checkpoints.</summary>
    /// <param name="directory">The run.</param>
    /// <param name="study">Its study.</param>
    /// <param name="log">Told where it cannot be read, for which the study does not stop.</param>
    public LivePast Past(RunDirectory directory, StudyConfiguration study, ILogger log)
    {
        var past = new LivePast();
        try
        {
            Add(StudyRun.MainModel, directory.Main, Main);
            Add(StudyRun.ContrastModel, directory.Contrast, Contrast);
        }
        catch (RunDirectoryException e)
        {
            log.PastNotShown(e);
        }

        return past;

        void Add(string model, ModelFiles? files, LoadedCheckpoint? from)
        {
            if (files is not null && from is not null)
                past.Add(files.Database, model, from.Checkpoint.Step, study.Probe.HeldOut, study.Output.Window);
        }
    }

    private static LoadedCheckpoint? Find(ModelFiles files, string model, StudyConfiguration study, Action<string> say)
    {
        var found = CheckpointReader.LoadLatest(files.Checkpoints);
        foreach (var reason in found?.PassedOver ?? [])
            say($"Passed over: {reason}");
        if (found is null)
        {
            if (File.Exists(files.Database))
                say($"{model}: no checkpoint yet; it begins anew.");
            return null;
        }

        if (found.Saved.Fingerprint != StudyFingerprint.Of(study))
        {
            throw new SavedRunException(
                $"'{found.Saved.Folder}' is a checkpoint of another study than study.yaml states. Put back what was changed there; only output.directory, "
                + "checkpoint, recovery and telemetry may differ.");
        }

        if (!File.Exists(files.Database))
        {
            throw new SavedRunException(
                $"'{files.Database}' is missing: what was measured up to the checkpoint at step {found.Saved.Step} cannot be had again. Put it back, or run the study anew.");
        }

        say(string.Create(
            CultureInfo.InvariantCulture, $"{model}: goes on at step {found.Saved.Step:N0}, from the checkpoint of {found.Saved.Created.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC."));
        return found;
    }
}
