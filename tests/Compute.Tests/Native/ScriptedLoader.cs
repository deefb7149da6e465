using ElasticityStream.Compute.Native;

namespace ElasticityStream.Compute.Tests.Native;

/// <summary>A loader that answers as told and remembers what it was asked, with the bytes that lay there at that moment.</summary>
/// <param name="answer">Null to load the library at a path, else the refusal.</param>
internal sealed class ScriptedLoader(Func<string, string?> answer) : INativeLoader
{
    public List<(string Path, byte[] Content)> Asked { get; } = [];

    public string? TryLoad(string path, out nint handle)
    {
        Asked.Add((path, File.ReadAllBytes(path)));
        var refusal = answer(path);
        handle = refusal is null ? Asked.Count : 0;
        return refusal;
    }
}
