using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Results;
using static ElasticityStream.Host.Status.StatusWords;

namespace ElasticityStream.Host.Status;

/// <summary>What <c>elasticity list</c> prints for a reader: a line a run, and beneath them what is damaged.</summary>
internal static class RunListText
{
    private const string Sweep = "sweep";

    /// <summary>Writes it.</summary>
    /// <param name="runs">The runs, in the order in which to show them.</param>
    /// <param name="folder">Where they were looked for, an absolute path.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="isTerminal">Whether a person looks at it.</param>
    /// <param name="width">The terminal's width in characters; ignored where it is none.</param>
    public static void Write(IReadOnlyList<RunEntry> runs, string folder, TextWriter output, bool isTerminal, int width)
    {
        var table = new TextTable(
            $"Runs in {folder}",
            [Left("study"), Left("run"), Left("state"), Left("started (UTC)"), Right("time"), Right("steps"), Right("resumed")],
            [.. runs.Select(r => new[]
            {
                r.Study ?? None, Path(r, folder), Name(r.State), Utc(r.StartedUtc), Time(r.Seconds),
                r.SweepOf is null ? Steps(r.Steps, r.TotalSteps) : Sweep, r.Resumed == 0 ? None : Count(r.Resumed),
            })]);
        output.Write(isTerminal && TableFrame.Fits([table], width) ? TableFrame.Draw(table, width) : table.ToPlainText());
        foreach (var run in runs.Where(r => r.Message is not null && (r.State is RunState.Damaged or RunState.Failed || r.Steps is null)))
            output.Write($"\n{Path(run, folder)}: {UserText.OneLine(run.Message!)}\n");
        output.Flush();
    }

    // Below the folder of its study the id is enough.
    private static string Path(RunEntry run, string folder)
    {
        var relative = System.IO.Path.GetRelativePath(folder, run.Folder);
        if (relative == ".")
            return run.Run;
        return relative == System.IO.Path.Combine(run.Study ?? "", run.Run) ? run.Run : relative;
    }

    private static TextColumn Left(string heading) => new(heading, FlushRight: false);

    private static TextColumn Right(string heading) => new(heading, FlushRight: true);
}
