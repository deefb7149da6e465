namespace ElasticityStream.Compute.Native;

/// <summary>A loaded library, and where the changed copy of it lies if it was one.</summary>
internal sealed record LoadedTorchLibrary(nint Handle, string? PatchedCopy);
