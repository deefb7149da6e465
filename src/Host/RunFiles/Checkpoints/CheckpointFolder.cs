using System.Globalization;
using System.Text.RegularExpressions;

namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>The names that folders within <c>checkpoints/</c> have, and what each says about its content.</summary>
/// <param name="Parent">The folder <c>checkpoints/</c>.</param>
/// <param name="Step">The number of steps done.</param>
internal sealed partial record CheckpointFolder(string Parent, long Step)
{
    /// <summary>Where the manifest lies within the folder of a checkpoint.</summary>
    public const string ManifestName = "manifest.msgpack";

    /// <summary>A checkpoint.</summary>
    public string Path => System.IO.Path.Combine(Parent, CheckpointName.Of(Step));

    /// <summary>One that is being written or removed: of no use, whatever it holds.</summary>
    public string Unfinished => System.IO.Path.Combine(Parent, $".{CheckpointName.Of(Step)}.tmp");

    /// <summary>One that another of the same step takes the place of: a checkpoint as long as there is no <see cref="Path"/>.</summary>
    public string SetAside => System.IO.Path.Combine(Parent, $".{CheckpointName.Of(Step)}.old");

    /// <summary>All that <c>checkpoints/</c> holds, each by its step and by which of the three names it has; everything else in there is not ours.</summary>
    /// <exception cref="RunDirectoryException">The folder cannot be read.</exception>
    public static IReadOnlyList<(CheckpointFolder Folder, string Path)> In(string parent)
    {
        var found = new List<(CheckpointFolder, string)>();
        foreach (var path in FoldersIn(parent))
        {
            var match = Names().Match(System.IO.Path.GetFileName(path));
            if (!match.Success || !long.TryParse(match.Groups["step"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var step))
                continue;
            var folder = new CheckpointFolder(parent, step);
            // Of two spellings of one step, as with more zeros, only that of this program is meant.
            if (path == folder.Path || path == folder.Unfinished || path == folder.SetAside)
                found.Add((folder, path));
        }

        return found;
    }

    private static string[] FoldersIn(string parent)
    {
        try
        {
            return Directory.GetDirectories(parent);
        }
        catch (Exception exception) when (RunDirectoryException.IsFileFailure(exception))
        {
            throw RunDirectoryException.From(parent, "read the checkpoints in", exception);
        }
    }

    /// <summary>How a message names a folder: as the user finds it in the run directory.</summary>
    public static string Describe(string path) => $"{System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path))}/{System.IO.Path.GetFileName(path)}";

    [GeneratedRegex("^\\.?step-(?<step>[0-9]{12,19})(\\.tmp|\\.old)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Names();
}
