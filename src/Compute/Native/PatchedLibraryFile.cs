using System.Security.Cryptography;

namespace ElasticityStream.Compute.Native;

/// <summary>
/// Puts the changed copy of a library into a folder of the user's cache, and finds it there the next time. The folder's name
/// carries a hash of the original, so that an update of the package makes another file and two versions live side by side.
/// </summary>
internal static class PatchedLibraryFile
{
    private const string CacheName = "elasticity-stream";
    private const UnixFileMode PrivateFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The user's cache folder by the XDG base directory specification, or null where the user has none.</summary>
    /// <param name="environment">Looks up an environment variable.</param>
    public static string? UserCache(Func<string, string?> environment)
    {
        // The specification tells to ignore a relative path.
        if (environment("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache))
            return cache;
        return environment("HOME") is { } home && Path.IsPathRooted(home) ? Path.Combine(home, ".cache") : null;
    }

    /// <summary>Returns the path of a file under <paramref name="cache"/> that holds exactly <paramref name="patched"/>.</summary>
    /// <param name="cache">The cache folder; created if missing, as are the private folders below it.</param>
    /// <param name="fileName">The library's file name.</param>
    /// <param name="original">The original's bytes, the key of the copy.</param>
    /// <param name="patched">What the file shall hold.</param>
    /// <remarks>Any number of processes may do this at once: each writes a file of its own, and a rename replaces whole files.</remarks>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of permission.</exception>
    public static string Place(string cache, string fileName, ReadOnlySpan<byte> original, byte[] patched)
    {
        var own = Path.Combine(cache, CacheName);
        var folder = Path.Combine(own, "native-" + Convert.ToHexStringLower(SHA256.HashData(original)));
        CreatePrivate(own);
        CreatePrivate(folder);
        var path = Path.Combine(folder, fileName);
        if (!Holds(path, patched))
            Write(path, patched);
        return path;
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, PrivateFolder);

        // Whoever can write here can make this process run code of theirs. Setting the mode fails where the folder is not ours.
        if (File.GetUnixFileMode(folder) != PrivateFolder)
            File.SetUnixFileMode(folder, PrivateFolder);
    }

    private static bool Holds(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } file && file.Length == content.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        var unfinished = $"{path}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = PrivateFile;
        try
        {
            using (var stream = new FileStream(unfinished, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}
