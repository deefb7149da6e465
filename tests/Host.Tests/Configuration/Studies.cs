namespace ElasticityStream.Host.Tests.Configuration;

/// <summary>Studies to try changes on.</summary>
internal static class Studies
{
    /// <summary>A study that states what is required and no more, one section a line.</summary>
    public const string Smallest =
        """
        name: small
        source: {type: mnist}
        model: {type: mlp, hidden: [8]}
        training: {learningRate: 0.1}
        """;

    /// <summary>The smallest study with some of its sections replaced, and others added.</summary>
    public static string Replacing(string lines)
    {
        var replaced = lines.Split('\n').Select(Key).ToHashSet();
        return string.Join('\n', Smallest.Split('\n').Where(line => !replaced.Contains(Key(line))).Append(lines));
    }

    private static string Key(string line) => line.Split(':')[0];
}
