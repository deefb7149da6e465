using ElasticityStream.Actors.Checkpoints;

namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>
/// Keeps checkpoints in a folder (docs/checkpoints.md). A checkpoint is written beside the others under a name that no reader looks at, flushed file by
/// file, renamed, and the rename flushed; only then are older ones removed. One store at a time on a folder.
/// </summary>
/// <remarks>
/// Where the step has a checkpoint already, which is damaged or from before a rewind, that one is set aside under a second name that readers know, then
/// the new one is moved into its place, then the old one is removed: at every moment one of the two is there to load. What a crash leaves half done is
/// put right when the next store is opened on the folder, and before the next checkpoint is saved.
/// </remarks>
public sealed class CheckpointStore : ICheckpointStore
{
    private readonly string _folder;
    private readonly string _runId;
    private readonly string _fingerprint;
    private readonly int _keep;
    private readonly int? _keepEvery;
    private readonly TimeProvider _time;
    private readonly Action<RunDirectoryException>? _notRemoved;
    private readonly FolderOperations _disk;
    private readonly List<(long Step, long Number)> _saved;
    private long _nextNumber;

    /// <summary>Opens a folder, creates it if it is absent, and removes what a crash left half done. No checkpoint is removed.</summary>
    /// <param name="folder">The folder <c>checkpoints/</c>.</param>
    /// <param name="runId">The run's id.</param>
    /// <param name="fingerprint">What the study is made of, for whoever loads a checkpoint to compare.</param>
    /// <param name="keep">How many of the latest checkpoints stay, at least 1.</param>
    /// <param name="keepEvery">Those whose number is a multiple of this stay for good, at least 1; null for none.</param>
    /// <param name="time">Gives the time that a checkpoint is of.</param>
    /// <param name="notRemoved">
    /// Told when something that is of no more use could not be removed. That is no failure of what is being saved, which is durable by then; it is tried
    /// again with the next one.
    /// </param>
    /// <exception cref="RunDirectoryException">The folder cannot be created or read.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keep"/> or <paramref name="keepEvery"/> is below 1.</exception>
    public CheckpointStore(
        string folder, string runId, string fingerprint, int keep, int? keepEvery, TimeProvider time, Action<RunDirectoryException>? notRemoved = null)
        : this(folder, runId, fingerprint, keep, keepEvery, time, notRemoved, new FolderOperations())
    {
    }

    internal CheckpointStore(
        string folder, string runId, string fingerprint, int keep, int? keepEvery, TimeProvider time, Action<RunDirectoryException>? notRemoved,
        FolderOperations disk)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(keepEvery ?? 1, 1, nameof(keepEvery));
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _runId = runId;
        _fingerprint = fingerprint;
        _keep = keep;
        _keepEvery = keepEvery;
        _time = time;
        _notRemoved = notRemoved;
        _disk = disk;

        if (!Directory.Exists(_folder))
        {
            _disk.Create(_folder);
            _disk.Flush(Path.GetDirectoryName(_folder)!);
        }

        TidyUp(notRemoved);
        _saved = [.. CheckpointReader.List(_folder).Checkpoints.Select(saved => (saved.Step, saved.Number))];
        _nextNumber = _saved.Select(saved => saved.Number).DefaultIfEmpty(0).Max() + 1;
    }

    /// <inheritdoc/>
    /// <exception cref="RunDirectoryException">The disk is full or read-only, or the folder is gone. The checkpoints saved before are as they were.</exception>
    /// <exception cref="ArgumentException">
    /// A name is not of 1 to 100 lower-case letters, digits and hyphens or is there twice, an array is of no type that can be saved, the step is negative, there are more than 65,536 arrays or more than 512 MiB of state.
    /// </exception>
    public long Save(StudyCheckpoint checkpoint)
    {
        Check(checkpoint);
        if (!Directory.Exists(_folder))
            throw RunDirectoryException.From(_folder, "save a checkpoint in", new DirectoryNotFoundException());
        TidyUp(_notRemoved);

        var target = new CheckpointFolder(_folder, checkpoint.Step);
        long bytes;
        try
        {
            bytes = Write(target.Unfinished, checkpoint);
            PutInPlace(target);
        }
        catch (RunDirectoryException)
        {
            // The failure that led here is the one to report; what it leaves behind fills the disk.
            TidyUp(notRemoved: null);
            throw;
        }

        _saved.RemoveAll(saved => saved.Step == checkpoint.Step);
        _saved.Add((checkpoint.Step, _nextNumber++));
        Attempt(() => RemoveIfThere(target.SetAside, target), _notRemoved);
        Prune();
        return bytes;
    }

    private static void Check(StudyCheckpoint checkpoint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(checkpoint.Step, nameof(checkpoint));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checkpoint.State.Length, ManifestFile.MostStateBytes, nameof(checkpoint));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checkpoint.Parts.Sum(part => part.Value.Arrays.Count), ManifestFile.MostArrays, nameof(checkpoint));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checkpoint.Parts.Count, ManifestFile.MostArrays, nameof(checkpoint));
        foreach (var (part, state) in checkpoint.Parts)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var name in state.Arrays.Select(array => array.Name).Prepend(part))
            {
                if (!ManifestArray.IsPlain(name))
                    throw new ArgumentException($"'{name}' is not 1 to 100 lower-case letters, digits and hyphens.", nameof(checkpoint));
            }

            foreach (var array in state.Arrays)
            {
                _ = NpyArrayFile.TypeOf(array.Values);
                if (!names.Add(array.Name))
                    throw new ArgumentException($"'{part}' has two arrays called '{array.Name}'.", nameof(checkpoint));
            }
        }
    }

    private long Write(string folder, StudyCheckpoint checkpoint)
    {
        _disk.Create(folder);
        var arrays = new List<ManifestArray>();
        foreach (var (part, state) in checkpoint.Parts.OrderBy(part => part.Key, StringComparer.Ordinal))
        {
            foreach (var array in state.Arrays)
            {
                var entry = new ManifestArray(part, array.Name, NpyArrayFile.TypeOf(array.Values), array.Values.LongLength, "");
                arrays.Add(entry with { Hash = _disk.Write(Path.Combine(folder, entry.File), file => NpyArrayFile.Write(file, array.Values)) });
            }
        }

        var manifest = ManifestFile.Encode(new CheckpointManifest(
            SoftwareVersions.OfThisProgram, _time.GetUtcNow(), _runId, _fingerprint, _nextNumber, checkpoint.Step, checkpoint.State,
            [.. checkpoint.Parts.Keys.Order(StringComparer.Ordinal)], arrays));
        _disk.Write(Path.Combine(folder, CheckpointFolder.ManifestName), file =>
        {
            RandomAccess.Write(file, manifest, 0);
            return true;
        });
        _disk.Flush(folder);
        return manifest.Length + arrays.Sum(array => array.Bytes);
    }

    private void PutInPlace(CheckpointFolder target)
    {
        if (Path.Exists(target.Path))
        {
            _disk.Move(target.Path, target.SetAside);
            // So that a power cut cannot find the second rename on the disk and the first one not.
            _disk.Flush(_folder);
        }

        _disk.Move(target.Unfinished, target.Path);
        _disk.Flush(_folder);
    }

    private void Prune()
    {
        foreach (var old in _saved.OrderByDescending(saved => saved.Number).Skip(_keep).Where(saved => !StaysForGood(saved.Number)).ToArray())
        {
            var folder = new CheckpointFolder(_folder, old.Step);
            if (Attempt(() => RemoveIfThere(folder.Path, folder), _notRemoved))
                _saved.Remove(old);
        }
    }

    private bool StaysForGood(long number) => _keepEvery is { } every && number % every == 0;

    private void TidyUp(Action<RunDirectoryException>? notRemoved) => Attempt(
        () =>
        {
            var found = CheckpointFolder.In(_folder);
            foreach (var (folder, path) in found.Where(f => f.Path == f.Folder.Unfinished))
                Attempt(() => _disk.Remove(path), notRemoved);
            foreach (var (folder, path) in found.Where(f => f.Path == f.Folder.SetAside))
            {
                if (Path.Exists(folder.Path))
                    Attempt(() => RemoveIfThere(path, folder), notRemoved);
                else
                    Attempt(() => _disk.Move(path, folder.Path), notRemoved);
            }
        },
        notRemoved);

    // Renamed first: readers do not come upon a checkpoint that is half removed, not even after a crash.
    private void RemoveIfThere(string path, CheckpointFolder folder)
    {
        if (!Directory.Exists(path))
            return;
        _disk.Move(path, folder.Unfinished);
        _disk.Remove(folder.Unfinished);
    }

    private static bool Attempt(Action action, Action<RunDirectoryException>? failed)
    {
        try
        {
            action();
            return true;
        }
        catch (RunDirectoryException exception)
        {
            failed?.Invoke(exception);
            return false;
        }
    }
}
