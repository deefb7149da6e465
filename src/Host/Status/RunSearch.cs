using System.Text.RegularExpressions;

namespace ElasticityStream.Host.Status;

/// <summary>Finds the run directories under a folder. Links are not followed, so that no loop of them is either, nor are hidden folders looked into.</summary>
internal static partial class RunSearch
{
    /// <summary>How deep below the folder runs are looked for; they lie at the second level of the folder for runs.</summary>
    public const int Depth = 4;

    private static readonly EnumerationOptions Subfolders = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System,
        IgnoreInaccessible = true,
    };

    /// <summary>The folders of runs, in no order: those with a <c>run.json</c>, and those that have the name of a run and lack it.</summary>
    /// <param name="folder">Where to look; it may be a run itself.</param>
    public static IReadOnlyList<string> Find(string folder)
    {
        var found = new List<string>();
        var toSee = new Stack<(string Folder, int Depth)>([(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), 0)]);
        while (toSee.TryPop(out var seen))
        {
            if (IsRun(seen.Folder))
                found.Add(seen.Folder);
            else if (seen.Depth < Depth)
                Push(seen.Folder, seen.Depth + 1);
        }

        return found;

        void Push(string parent, int depth)
        {
            try
            {
                foreach (var child in Directory.EnumerateDirectories(parent, "*", Subfolders).Where(c => !Path.GetFileName(c).StartsWith('.')))
                    toSee.Push((child, depth));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Removed meanwhile, or not for this user to see: there is nothing in it to list.
            }
        }
    }

    private static bool IsRun(string folder) => File.Exists(Path.Combine(folder, "run.json")) || NameOfARun().IsMatch(Path.GetFileName(folder));

    [GeneratedRegex("^[0-9]{8}-[0-9]{6}-[0-9a-f]{6}(-sweep)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex NameOfARun();
}
