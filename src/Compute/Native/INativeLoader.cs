namespace ElasticityStream.Compute.Native;

/// <summary>The dynamic loader, behind an interface so that tests can play a system with an older or newer libstdc++.</summary>
internal interface INativeLoader
{
    /// <summary>Loads the library at an absolute path, or says why not.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="handle">The library, or 0.</param>
    /// <returns>Null if it was loaded, else what the loader said.</returns>
    string? TryLoad(string path, out nint handle);
}
