using System.Text.RegularExpressions;

namespace ElasticityStream.Host.RunFiles;

/// <summary>
/// A file that is either there complete or not there at all: written under a temporary name in the same folder, flushed to the
/// disk, renamed. A reader that looks at the final name never sees half a file, whatever stops the process.
/// </summary>
internal sealed partial class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _stream;
    private bool _committed;

    private AtomicFile(string path)
    {
        _path = path;
        _temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        _stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
    }

    /// <summary>Where to write the content.</summary>
    public Stream Stream => _stream;

    /// <summary>Writes a whole file.</summary>
    /// <exception cref="RunDirectoryException">The file could not be written; an older one of that name is untouched.</exception>
    public static void Write(string path, Action<Stream> content)
    {
        using var file = Create(path);
        file.Attempt(() => content(file.Stream));
        file.Commit();
    }

    /// <summary>Opens the temporary file.</summary>
    /// <exception cref="RunDirectoryException">It could not be created.</exception>
    public static AtomicFile Create(string path)
    {
        try
        {
            return new AtomicFile(path);
        }
        catch (Exception exception) when (RunDirectoryException.IsFileFailure(exception))
        {
            throw RunDirectoryException.From(path, "write", exception);
        }
    }

    /// <summary>Removes what processes that were killed had begun to write into a folder; nobody may be writing there.</summary>
    /// <exception cref="RunDirectoryException">The folder cannot be read, or the file cannot be removed.</exception>
    public static void RemoveUnfinished(string folder)
    {
        try
        {
            if (!Directory.Exists(folder))
                return;
            foreach (var file in Directory.GetFiles(folder, "*.tmp").Where(f => Unfinished().IsMatch(f)))
                File.Delete(file);
        }
        catch (Exception exception) when (RunDirectoryException.IsFileFailure(exception))
        {
            throw RunDirectoryException.From(folder, "remove what was left in", exception);
        }
    }

    /// <summary>Runs something that writes to <see cref="Stream"/> and puts its failure into the user's words.</summary>
    public void Attempt(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (RunDirectoryException.IsFileFailure(exception))
        {
            throw RunDirectoryException.From(_path, "write", exception);
        }
    }

    /// <summary>Makes the content durable and gives the file its name.</summary>
    public void Commit() => Attempt(() =>
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        _committed = true;
    });

    /// <summary>Removes the temporary file unless it was committed.</summary>
    public void Dispose()
    {
        try
        {
            _stream.Dispose();
            if (!_committed)
                File.Delete(_temporary);
        }
        catch (Exception exception) when (RunDirectoryException.IsFileFailure(exception))
        {
            // The failure that led here is the one to report: on a full disk the stream's last flush fails once more.
        }
    }

    [GeneratedRegex(@"\.[0-9a-f]{32}\.tmp$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Unfinished();
}
