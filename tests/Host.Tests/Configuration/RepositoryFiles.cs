namespace ElasticityStream.Host.Tests.Configuration;

/// <summary>Files of the repository that the tests run in.</summary>
internal static class RepositoryFiles
{
    /// <summary>The ready studies.</summary>
    public static IReadOnlyList<string> Studies { get; } = [.. Directory.GetFiles(At("configs"), "*.yaml").Order(StringComparer.Ordinal)];

    /// <summary>The full path of a file or folder of the repository.</summary>
    public static string At(string path) => Path.Combine(Root(), path);

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ElasticityStream.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds ElasticityStream.sln.");
    }
}
