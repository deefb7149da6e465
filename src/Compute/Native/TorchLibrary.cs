namespace ElasticityStream.Compute.Native;

/// <summary>
/// Loads TorchSharp's native library where the loader refused it: as it is, with libtorch loaded first; and if all that is
/// missing is one symbol version of libstdc++ that nothing uses, as a copy that does not ask for it.
/// </summary>
/// <param name="loader">The dynamic loader.</param>
/// <param name="folders">The folders that may hold the native libraries, in order.</param>
/// <param name="cache">The user's cache folder, or null where there is none.</param>
internal sealed class TorchLibrary(INativeLoader loader, IReadOnlyList<string> folders, string? cache)
{
    public const string FileName = "libLibTorchSharp.so";

    private const string Torch = "libtorch.so";
    private const string Advice =
        "Where a version of GLIBCXX is missing, a newer libstdc++ helps: a system with GCC 13 or later (Debian 13, Ubuntu 24.04), or such a libstdc++.so.6 "
        + "in a folder named by LD_LIBRARY_PATH. Where a copy could not be written or loaded, set XDG_CACHE_HOME to a folder of yours that is not mounted noexec. "
        + "Otherwise build again for linux-x64, the only Linux that TorchSharp supports.";

    /// <summary>Loads the library.</summary>
    /// <exception cref="DllNotFoundException">It cannot be loaded; the message says what was tried and what would help.</exception>
    public LoadedTorchLibrary Load()
    {
        var original = Find(FileName) ?? throw new DllNotFoundException(
            $"TorchSharp's native library {FileName} is missing. Looked in: {string.Join(", ", folders)}. "
            + "Build or publish for linux-x64 (the only Linux that TorchSharp supports), and keep the native libraries beside the program.");
        var tried = new List<string>();

        // The copy lies elsewhere and does not find libtorch beside itself; the loader takes what is loaded already by its soname.
        if (Find(Torch) is not { } torch)
            tried.Add($"{Torch}: not in {string.Join(", ", folders)}");
        else if (loader.TryLoad(torch, out _) is { } torchRefused)
            tried.Add($"{torch}: {torchRefused}");

        if (loader.TryLoad(original, out var handle) is not { } refused)
            return new LoadedTorchLibrary(handle, PatchedCopy: null);
        tried.Add($"{original}: {refused}");
        if (!refused.Contains(WeakSymbolVersion.Version, StringComparison.Ordinal))
            throw Failed(tried);

        var library = File.ReadAllBytes(original);
        byte[] patched;
        try
        {
            patched = WeakSymbolVersion.Apply(library, original);
        }
        catch (InvalidDataException unusable)
        {
            tried.Add($"a copy that does not require {WeakSymbolVersion.Version}: {unusable.Message}");
            throw Failed(tried, unusable);
        }

        if (cache is null)
            tried.Add("a copy in the user's cache folder: neither XDG_CACHE_HOME nor HOME is set to an absolute path");
        else if (LoadCopy(cache, library, patched, tried) is { } cached)
            return cached;
        return LoadTemporaryCopy(library, patched, tried) ?? throw Failed(tried);
    }

    private LoadedTorchLibrary? LoadCopy(string folder, byte[] library, byte[] patched, List<string> tried)
    {
        try
        {
            var copy = PatchedLibraryFile.Place(folder, FileName, library, patched);
            if (loader.TryLoad(copy, out var handle) is not { } refused)
                return new LoadedTorchLibrary(handle, copy);
            tried.Add($"{copy}: {refused}");
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            tried.Add($"a copy in {folder}: {unwritable.Message}");
        }

        return null;
    }

    private LoadedTorchLibrary? LoadTemporaryCopy(byte[] library, byte[] patched, List<string> tried)
    {
        try
        {
            var folder = Directory.CreateTempSubdirectory("elasticity-stream-").FullName;
            try
            {
                return LoadCopy(folder, library, patched, tried);
            }
            finally
            {
                // A loaded library stays mapped without its file, so nothing is left behind, whatever becomes of the process.
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            tried.Add($"a copy in {Path.GetTempPath()}: {unwritable.Message}");
            return null;
        }
    }

    private string? Find(string fileName) => folders.Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists);

    private static DllNotFoundException Failed(List<string> tried, Exception? cause = null) =>
        new($"TorchSharp's native library cannot be loaded. Tried:{string.Concat(tried.Select(one => $"\n- {one}"))}\n{Advice}", cause);
}
