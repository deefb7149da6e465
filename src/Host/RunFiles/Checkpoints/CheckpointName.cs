using System.Globalization;

namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>What a checkpoint is called: <c>step-000000012345</c>, or <c>step-12345</c> where a user names it.</summary>
internal static class CheckpointName
{
    private const string Prefix = "step-";

    /// <summary>The name of its folder.</summary>
    public static string Of(long step) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:d12}");

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string name, out long step)
    {
        step = 0;
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out step);
    }
}
