using System.Globalization;
using ElasticityStream.EndToEnd.Fixtures;
using Microsoft.Data.Sqlite;

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>A moment in a run that shows on the disk.</summary>
/// <param name="Name">For messages.</param>
/// <param name="IsReached">Whether it has come, in the run that is given; whatever the study is writing at the time.</param>
public sealed record Moment(string Name, Func<RunFolder, bool> IsReached)
{
    /// <summary>Hardly anything is written yet.</summary>
    public static Moment Begun { get; } = new("as soon as the run is described", run => File.Exists(run.At("run.json")));

    /// <summary>The files at the end are being written.</summary>
    public static Moment Writing { get; } = new("while the final files are written", run => AnyFile(run.At("weights/final")));

    /// <summary>A step is recorded.</summary>
    /// <param name="step">The step.</param>
    /// <param name="inContrast">Whether it is one of the contrast.</param>
    public static Moment Recorded(long step, bool inContrast = false) => new(
        $"when step {step}{(inContrast ? " of the contrast" : "")} is recorded", run => LastStep(Model(run, inContrast)) >= step);

    /// <summary>A checkpoint of a step, or a later one, is there.</summary>
    public static Moment Saved(long step, bool inContrast = false) => new(
        $"when a checkpoint from step {step}{(inContrast ? " of the contrast" : "")} on is there",
        run => Checkpoints(Model(run, inContrast)).Any(c => !c.IsUnfinished && c.Step >= step));

    /// <summary>A checkpoint of a step, or a later one, is being written. One that nobody saw being written will do once there is another.</summary>
    public static Moment Saving(long step, bool inContrast = false) => new(
        $"while a checkpoint from step {step}{(inContrast ? " of the contrast" : "")} on is written",
        run => Checkpoints(Model(run, inContrast)).Where(c => c.Step >= step).ToArray() is { Length: > 0 } found && (found.Any(c => c.IsUnfinished) || found.Length > 1));

    /// <summary>So many checkpoints were saved since the log had a length.</summary>
    public static Moment SavedTimes(int times, long logLength) => new(
        $"after {times} checkpoints", run => Log(run, logLength).Count(l => l.Contains(": checkpoint saved, ", StringComparison.Ordinal)) >= times);

    /// <summary>The log, from a length on, says something.</summary>
    public static Moment Logged(string text, long logLength) => new(
        $"when the log says '{text}'", run => Log(run, logLength).Any(l => l.Contains(text, StringComparison.Ordinal)));

    /// <summary>The same moment, but not before the process that writes the log from a length on has taken the run back to where it goes on.</summary>
    public Moment Since(long logLength) => this with
    {
        IsReached = run => Log(run, logLength).Any(l => l.Contains(": resumed, ", StringComparison.Ordinal) || l.Contains(": started, ", StringComparison.Ordinal))
            && IsReached(run),
    };

    /// <summary>The length of a run's log.</summary>
    public static long LogLength(RunFolder? run) => run is not null && new FileInfo(run.At("log.jsonl")) is { Exists: true } file ? file.Length : 0;

    /// <summary>The checkpoints of a model, and whether each is still being written.</summary>
    public static IReadOnlyList<(long Step, bool IsUnfinished)> Checkpoints(RunFolder model)
    {
        try
        {
            return
            [
                .. Directory.GetDirectories(model.At("checkpoints")).Select(f => Path.GetFileName(f)).Where(n => !n.EndsWith(".old", StringComparison.Ordinal))
                    .Select(n => (long.Parse(n.Trim('.')["step-".Length..][..12], CultureInfo.InvariantCulture), n.StartsWith('.'))),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>The last step that a model has recorded; -1 if there is none yet.</summary>
    public static long LastStep(RunFolder model)
    {
        var last = -1L;
        try
        {
            if (File.Exists(model.At("run.db")))
                model.Query("SELECT coalesce(max(step), -1) FROM steps", r => last = r.GetInt64(0));
        }
        catch (SqliteException)
        {
            // It is being created, or closed.
        }

        return last;
    }

    private static RunFolder Model(RunFolder run, bool inContrast) => inContrast ? run.Contrast : run;

    private static bool AnyFile(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any();

    private static IEnumerable<string> Log(RunFolder run, long from)
    {
        if (!File.Exists(run.At("log.jsonl")))
            return [];
        using var file = new FileStream(run.At("log.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Min(from, file.Length);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n');
    }
}
