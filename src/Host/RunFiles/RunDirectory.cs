using System.Globalization;
using System.Security.Cryptography;

namespace ElasticityStream.Host.RunFiles;

/// <summary>The folder that one run of a study leaves behind, <c>&lt;root&gt;/&lt;study&gt;/&lt;yyyyMMdd-HHmmss&gt;-&lt;short id&gt;/</c>.</summary>
public sealed class RunDirectory
{
    private const int ShortIdBytes = 3;
    private const string ContrastFolder = "contrast";

    private RunDirectory(string root, string id, bool hasContrast)
    {
        Root = root;
        Id = id;
        Main = new ModelFiles(root);
        Contrast = hasContrast ? new ModelFiles(Path.Combine(root, ContrastFolder)) : null;
    }

    /// <summary>The run's folder, an absolute path.</summary>
    public string Root { get; }

    /// <summary>The folder's own name, which tells this run from all others of the study.</summary>
    public string Id { get; }

    /// <summary><c>study.yaml</c>: the configuration with every default filled in.</summary>
    public string StudyFile => Path.Combine(Root, "study.yaml");

    /// <summary><c>run.json</c>: what ran, on what, and how it ended.</summary>
    public string DescriptionFile => Path.Combine(Root, "run.json");

    /// <summary><c>log.jsonl</c>: what happened, a JSON object a line.</summary>
    public string LogFile => Path.Combine(Root, "log.jsonl");

    /// <summary>The results of the study's own model.</summary>
    public ModelFiles Main { get; }

    /// <summary>The results of the contrast model, in <c>contrast/</c>; null if the study has none.</summary>
    public ModelFiles? Contrast { get; }

    /// <summary>The folder that a run left behind, which may be anywhere by now; nothing is created.</summary>
    public static RunDirectory Existing(string folder)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return new RunDirectory(root, Path.GetFileName(root), Directory.Exists(Path.Combine(root, ContrastFolder)));
    }

    /// <summary>Whether a folder is that of a run.</summary>
    public static bool IsRun(string folder) => File.Exists(Existing(folder).DescriptionFile);

    /// <summary>Creates the folder of a new run with the folders in it.</summary>
    /// <param name="output">Where the runs of all studies lie, as in <c>runs</c>; created if it is absent.</param>
    /// <param name="study">The study's name; one plain folder name.</param>
    /// <param name="time">Gives the time in the folder's name, in UTC.</param>
    /// <param name="hasContrast">Whether the study trains a contrast model.</param>
    /// <param name="shortId">What follows the time; by default six random hexadecimal digits.</param>
    /// <exception cref="RunDirectoryException">
    /// The folder exists already or cannot be created. Then nothing is left behind, not even the folders above it.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="study"/> is not a plain folder name.</exception>
    public static RunDirectory Create(string output, string study, TimeProvider time, bool hasContrast, string? shortId = null)
    {
        CheckName(study);
        return CreateIn(Path.Combine(output, study), time, hasContrast, shortId, "");
    }

    /// <summary>Removes the files that a process was writing when it was killed; nobody may be writing there.</summary>
    /// <exception cref="RunDirectoryException">One of them cannot be removed.</exception>
    public void RemoveUnfinished()
    {
        foreach (var model in new[] { Main, Contrast }.OfType<ModelFiles>())
        {
            foreach (var folder in model.Folders.Prepend(model.Root))
                AtomicFile.RemoveUnfinished(folder);
        }
    }

    /// <summary>Creates the folder of a sweep at the weights of a run, <c>&lt;yyyyMMdd-HHmmss&gt;-&lt;short id&gt;-sweep/</c>.</summary>
    /// <param name="run">The folder of that run; nothing is written into it.</param>
    /// <param name="output">Where the runs of all studies lie; null for beside the run.</param>
    /// <param name="study">The study's name; one plain folder name.</param>
    /// <param name="time">Gives the time in the folder's name, in UTC.</param>
    /// <param name="hasContrast">Whether a contrast model is swept too.</param>
    /// <exception cref="RunDirectoryException">As for <see cref="Create"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="study"/> is not a plain folder name.</exception>
    public static RunDirectory CreateForSweep(string run, string? output, string study, TimeProvider time, bool hasContrast)
    {
        CheckName(study);
        var parent = output is null
            ? Path.Combine(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run)), "..")
            : Path.Combine(output, study);
        return CreateIn(parent, time, hasContrast, shortId: null, "-sweep");
    }

    private static void CheckName(string study)
    {
        if (study.Length == 0 || study is "." or ".." || study.AsSpan().ContainsAny('/', '\\', '\0'))
            throw new ArgumentException($"'{study}' cannot be the name of a folder. Give the study a name without / and \\.", nameof(study));
    }

    private static RunDirectory CreateIn(string within, TimeProvider time, bool hasContrast, string? shortId, string suffix)
    {
        shortId ??= Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ShortIdBytes));
        var id = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMdd-HHmmss}-{shortId}{suffix}");
        var parent = Path.GetFullPath(within);
        var directory = new RunDirectory(Path.Combine(parent, id), id, hasContrast);
        if (Path.Exists(directory.Root))
            throw new RunDirectoryException(
                $"The run directory '{directory.Root}' exists already. Start the study again: a new run gets a new name.")
            { Path = directory.Root };

        // Built under another name and renamed: a run directory is there with everything in it, or not at all.
        var unfinished = Path.Combine(parent, $".{id}.tmp");
        var absentBefore = AbsentAncestors(unfinished);
        try
        {
            var layout = new RunDirectory(unfinished, id, hasContrast);
            foreach (var folder in layout.Main.Folders.Concat(layout.Contrast?.Folders ?? []))
                Directory.CreateDirectory(folder);
            Directory.Move(unfinished, directory.Root);
        }
        catch (Exception exception) when (RunDirectoryException.IsFileFailure(exception))
        {
            Remove(absentBefore);
            throw RunDirectoryException.From(directory.Root, "create the run directory", exception);
        }

        return directory;
    }

    private static List<string> AbsentAncestors(string path)
    {
        var absent = new List<string>();
        for (var folder = path; folder is not null && !Path.Exists(folder); folder = Path.GetDirectoryName(folder))
            absent.Add(folder);
        return absent;
    }

    private static void Remove(List<string> foldersFromInnermost)
    {
        try
        {
            for (var k = 0; k < foldersFromInnermost.Count; k++)
            {
                // Only the innermost one is this run's alone: another study may have started in those above meanwhile.
                if (Directory.Exists(foldersFromInnermost[k]))
                    Directory.Delete(foldersFromInnermost[k], recursive: k == 0);
            }
        }
        catch (Exception exception) when (RunDirectoryException.IsFileFailure(exception))
        {
            // What made creating it fail may make removing it fail too; the first failure is the one to report.
        }
    }
}
