namespace ElasticityStream.Host.RunFiles;

/// <summary>
/// Keeps a run directory to one process: the file <c>.lock</c> in it, locked for as long as the process lives. A process that is killed leaves the
/// file, but not the lock.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const int MostAttempts = 100;

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a run directory.</summary>
    /// <param name="root">The directory.</param>
    /// <exception cref="RunDirectoryException">Another process has it, or the file cannot be written.</exception>
    public static RunLock Take(string root)
    {
        var path = Path.Combine(root, ".lock");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (File.Exists(path))
            {
                if (IsLocked(path))
                {
                    throw new RunDirectoryException(
                        $"'{root}' is in use by another process: its study still runs. Wait for its end, or end it; on SIGTERM it writes a checkpoint first.", e)
                    { Path = root };
                }

                // Somebody looked at that moment.
                if (attempt == MostAttempts)
                    throw RunDirectoryException.From(path, "lock", e);
            }
            catch (Exception e) when (RunDirectoryException.IsFileFailure(e))
            {
                throw RunDirectoryException.From(path, "write", e);
            }
        }
    }

    /// <summary>Whether a process has the lock of a run directory.</summary>
    public static bool IsTaken(string root) => IsLocked(Path.Combine(root, ".lock"));

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _file.Dispose();

    private static bool IsLocked(string path)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            // Shared with others that only look, and refused by one that has it for itself.
            using var probe = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
