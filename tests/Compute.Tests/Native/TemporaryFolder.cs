namespace ElasticityStream.Compute.Tests.Native;

/// <summary>A folder of one test, removed at its end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("elasticity-native-tests-").FullName;

    public string[] AllFiles => Directory.GetFiles(Path, "*", SearchOption.AllDirectories);

    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
