using System.IO.Compression;

namespace ElasticityStream.Streams.Tests.Fixtures;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("elasticity-streams-").FullName;

    public string Path { get; }

    public SampleSourceContext Context => new(Path, Seed: 7);

    public string Write(string name, byte[] content, bool gzip = false)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        if (!gzip)
        {
            File.WriteAllBytes(path, content);
            return path;
        }

        using var file = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        file.Write(content);
        return path;
    }

    public string Write(string name, string content, bool gzip = false) => Write(name, System.Text.Encoding.UTF8.GetBytes(content), gzip);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
