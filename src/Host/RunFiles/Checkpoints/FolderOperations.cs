using Microsoft.Win32.SafeHandles;

namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>
/// Everything that a <see cref="CheckpointStore"/> does to the disk, one operation at a time. What a crash leaves behind is what was done before one
/// of these: a test is told of each before it begins, and may end there.
/// </summary>
/// <param name="before">Told of each operation, as in "move step-000000000064 to .step-000000000064.tmp".</param>
internal sealed class FolderOperations(Action<string>? before = null)
{
    /// <summary>Creates a folder and those above it.</summary>
    public void Create(string folder) => Do($"create {Name(folder)}", folder, "create", () => Directory.CreateDirectory(folder));

    /// <summary>Writes a new file and makes its content durable. The file has no buffer in front of it.</summary>
    /// <returns>What <paramref name="content"/> returned.</returns>
    public T Write<T>(string path, Func<SafeFileHandle, T> content)
    {
        SafeFileHandle? file = null;
        try
        {
            Do($"write {Name(path)}", path, "write", () => file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None));
            var result = default(T)!;
            Do($"fill {Name(path)}", path, "write", () => result = content(file!));
            Do($"flush {Name(path)}", path, "write", () => RandomAccess.FlushToDisk(file!));
            return result;
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Makes the names in a folder durable.</summary>
    public void Flush(string folder) => Do($"flush {Name(folder)}", folder, "write", () => DirectoryFlush.Flush(folder));

    /// <summary>Renames a folder within the one that it is in.</summary>
    public void Move(string from, string to) => Do($"move {Name(from)} to {Name(to)}", to, "write", () => Directory.Move(from, to));

    /// <summary>Removes a folder with all that is in it.</summary>
    public void Remove(string folder) => Do($"remove {Name(folder)}", folder, "remove", () => Directory.Delete(folder, recursive: true));

    private void Do(string operation, string path, string action, Action act)
    {
        before?.Invoke(operation);
        try
        {
            act();
        }
        catch (Exception exception) when (RunDirectoryException.IsFileFailure(exception))
        {
            throw RunDirectoryException.From(path, action, exception);
        }
    }

    private static string Name(string path) => Path.GetFileName(path);
}
