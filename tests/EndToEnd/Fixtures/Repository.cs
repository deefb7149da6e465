namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>Places in the repository that the tests were built in.</summary>
public static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The host's own output folder, of the same configuration as the tests.</summary>
    public static string HostOutput { get; } =
        At(Path.Combine("src/Host", Path.GetRelativePath(At("tests/EndToEnd"), AppContext.BaseDirectory)));

    public static string At(string path) => Path.Combine(Root, path);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ElasticityStream.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds ElasticityStream.sln.");
    }
}
