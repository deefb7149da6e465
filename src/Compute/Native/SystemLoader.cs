using System.Runtime.InteropServices;

namespace ElasticityStream.Compute.Native;

/// <summary>The dynamic loader of this system.</summary>
internal sealed class SystemLoader : INativeLoader
{
    /// <inheritdoc/>
    public string? TryLoad(string path, out nint handle)
    {
        try
        {
            handle = NativeLibrary.Load(path);
            return null;
        }
        catch (Exception refused) when (refused is DllNotFoundException or BadImageFormatException)
        {
            handle = 0;
            return refused.Message.Trim();
        }
    }
}
