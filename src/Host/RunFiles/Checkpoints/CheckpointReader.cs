using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Compute.Probing;

namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>
/// Reads checkpoints (docs/checkpoints.md); it changes nothing on the disk, and may be used while a study writes more. The newest is the one that was
/// saved last, which its number tells: after a rewind it may be of an earlier step than one that is left from before.
/// </summary>
public static class CheckpointReader
{
    /// <summary>Lists the checkpoints of a run by their manifests; no array is read.</summary>
    /// <param name="folder">The folder <c>checkpoints/</c>; one that does not exist holds none.</param>
    /// <exception cref="RunDirectoryException">The folder cannot be read.</exception>
    public static CheckpointListing List(string folder)
    {
        var (checkpoints, passedOver) = Scan(folder, newerIsAnError: false);
        return new CheckpointListing(checkpoints, passedOver);
    }

    /// <summary>Loads the newest checkpoint of a run that is whole. Those that are not are passed over.</summary>
    /// <param name="folder">The folder <c>checkpoints/</c>.</param>
    /// <returns>The checkpoint; null if there is none in the folder, or no folder.</returns>
    /// <exception cref="RunDirectoryException">
    /// The folder cannot be read; there are checkpoints but none that is whole; or one is of a newer format, so that nobody can tell whether it is the newest.
    /// </exception>
    public static LoadedCheckpoint? LoadLatest(string folder)
    {
        var (checkpoints, passedOver) = Scan(folder, newerIsAnError: true);
        foreach (var saved in checkpoints)
        {
            try
            {
                return Read(saved.Folder, passedOver);
            }
            catch (Exception exception) when (IsDamage(exception))
            {
                passedOver.Add(Reason(saved.Folder, exception));
            }
        }

        if (passedOver.Count == 0)
            return null;
        throw new RunDirectoryException($"No checkpoint in '{folder}' can be loaded: {string.Join("; ", passedOver)}. Start the study anew.") { Path = folder };
    }

    /// <summary>Loads one checkpoint.</summary>
    /// <param name="checkpointFolder">Its own folder, which may have been moved or renamed.</param>
    /// <exception cref="RunDirectoryException">It is none, or not whole, or of a newer format.</exception>
    public static LoadedCheckpoint Load(string checkpointFolder)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpointFolder));
        if (!Directory.Exists(folder))
            throw new RunDirectoryException($"There is no checkpoint '{checkpointFolder}'.") { Path = folder };
        try
        {
            return Read(folder, []);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw new RunDirectoryException($"The checkpoint '{checkpointFolder}' cannot be loaded: {Explain(exception)}. Choose another one.", exception)
            {
                Path = folder,
            };
        }
    }

    // The newest first.
    private static (IReadOnlyList<SavedCheckpoint> Checkpoints, List<string> PassedOver) Scan(string folder, bool newerIsAnError)
    {
        var checkpoints = new List<SavedCheckpoint>();
        var passedOver = new List<string>();
        foreach (var found in Find(folder))
        {
            try
            {
                checkpoints.Add(Describe(found));
            }
            catch (RunDirectoryException exception) when (!newerIsAnError)
            {
                passedOver.Add($"{CheckpointFolder.Describe(found.Path)}: {exception.Message}");
            }
            catch (Exception exception) when (IsDamage(exception))
            {
                passedOver.Add(Reason(found.Path, exception));
            }
        }

        return ([.. checkpoints.OrderByDescending(saved => saved.Number).ThenByDescending(saved => saved.Step)], passedOver);
    }

    private static IEnumerable<(CheckpointFolder Folder, string Path)> Find(string folder)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(root))
            return [];
        var all = CheckpointFolder.In(root);
        var steps = all.Where(found => found.Path == found.Folder.Path).Select(found => found.Folder.Step).ToHashSet();
        return all
            .Where(found => found.Path == found.Folder.Path || (found.Path == found.Folder.SetAside && !steps.Contains(found.Folder.Step)))
            .OrderByDescending(found => found.Folder.Step);
    }

    private static SavedCheckpoint Describe((CheckpointFolder Folder, string Path) found)
    {
        var (manifest, bytes) = ManifestFile.Read(found.Path);
        return manifest.Step == found.Folder.Step
            ? SavedCheckpoint.From(found.Path, manifest, bytes)
            : throw new InvalidDataException($"{CheckpointFolder.ManifestName} is that of step {manifest.Step}");
    }

    private static LoadedCheckpoint Read(string folder, IReadOnlyList<string> passedOver)
    {
        var (manifest, bytes) = ManifestFile.Read(folder);
        var parts = manifest.Parts.ToDictionary(part => part, _ => new List<CarriedArray>(), StringComparer.Ordinal);
        foreach (var array in manifest.Arrays)
            parts[array.Part].Add(new CarriedArray(array.Name, NpyArrayFile.Read(folder, array)));
        return new LoadedCheckpoint(
            SavedCheckpoint.From(folder, manifest, bytes),
            new StudyCheckpoint(
                manifest.Step, manifest.State, parts.ToDictionary(part => part.Key, part => new CarriedState(part.Value), StringComparer.Ordinal)),
            passedOver);
    }

    private static bool IsDamage(Exception exception) => exception is InvalidDataException || RunDirectoryException.IsFileFailure(exception);

    private static string Reason(string path, Exception exception) => $"{CheckpointFolder.Describe(path)}: {Explain(exception)}";

    private static string Explain(Exception exception) => exception is InvalidDataException
        ? exception.Message
        : $"it cannot be read ({exception.Message.TrimEnd('.')})";
}
