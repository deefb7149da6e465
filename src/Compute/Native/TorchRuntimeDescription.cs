namespace ElasticityStream.Compute.Native;

/// <summary>Which torch a process uses, for the record of a run.</summary>
/// <param name="TorchVersion">libtorch's version, as 2.10.0.0.</param>
/// <param name="TorchSharpVersion">TorchSharp's version, as 0.107.0.</param>
/// <param name="PatchedLibrary">
/// Where the changed copy of TorchSharp's native library lies that had to be used because the system's libstdc++ is older than
/// GCC 13's, or null if the library was used as it is. A copy in a temporary folder is removed once it is loaded.
/// </param>
public sealed record TorchRuntimeDescription(string TorchVersion, string TorchSharpVersion, string? PatchedLibrary)
{
    /// <summary>One line for a person.</summary>
    public override string ToString() =>
        $"libtorch {TorchVersion}, TorchSharp {TorchSharpVersion}"
        + (PatchedLibrary is null ? "" : $" (copy for an older libstdc++: {PatchedLibrary})");
}
