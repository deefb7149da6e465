using System.Globalization;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Results;
using static ElasticityStream.Host.Status.StatusWords;

namespace ElasticityStream.Host.Status;

/// <summary>What <c>elasticity status</c> prints for a reader.</summary>
internal static class StandingText
{
    private const int LabelWidth = 11;
    private const double Percent = 100;

    /// <summary>Writes it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="shownFolder">Its folder, as the user would name it.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="isTerminal">Whether a person looks at it.</param>
    /// <param name="width">The terminal's width in characters; ignored where it is none.</param>
    public static void Write(RunStanding run, string shownFolder, TextWriter output, bool isTerminal, int width)
    {
        foreach (var line in Heading(run, shownFolder))
            output.Write($"{line}\n");
        TextTable[] tables = [.. new[] { Models(run), Elasticity(run), Clusterings(run), Checkpoints(run), Events(run) }.OfType<TextTable>()];
        var isFramed = isTerminal && TableFrame.Fits(tables, width);
        foreach (var table in tables)
            output.Write($"\n{(isFramed ? TableFrame.Draw(table, width) : table.ToPlainText())}");
        foreach (var problem in run.Problems.Concat(run.Models.SelectMany(m => m.Checkpoints?.Damaged ?? [])))
            output.Write($"\nCannot be read: {problem}\n");
        output.Flush();
    }

    private static IEnumerable<string> Heading(RunStanding run, string folder)
    {
        var time = run.State == RunState.Running ? $" for {Time(run.Seconds)}" : "";
        yield return $"Study {run.Study}, run {run.Run}: {Name(run.State)}{time}{(string.IsNullOrEmpty(run.Message) ? "" : $", {UserText.OneLine(run.Message)}")}";
        if (run.State == RunState.Abandoned)
            yield return "Its process ended without a word: it was killed, the machine stopped, or the disk was full.";
        if (run.State is RunState.Abandoned or RunState.Interrupted or RunState.Failed)
        {
            yield return run.SweepOf is { } of
                ? $"A sweep is taken anew: elasticity sweep {of.Run} --weights {of.Weights}"
                : $"To go on with it: elasticity resume {folder}";
        }

        yield return "";
        yield return Labelled("folder", $"{folder} ({Bytes(run.Bytes)})");
        if (run.SweepOf is { } origin)
            yield return Labelled("sweep of", $"the {origin.Weights} weights of {origin.Run}");
        yield return Labelled("started", $"{Utc(run.StartedUtc)} UTC");
        foreach (var resumed in run.Resumed)
        {
            var contrast = resumed.ContrastStep is { } step ? $", the contrast at step {Count(step)}" : "";
            yield return Labelled("resumed", $"{Utc(resumed.AtUtc)} UTC at step {Count(resumed.Step)}{contrast}");
        }

        if (run.EndedUtc is { } ended)
            yield return Labelled("ended", $"{Utc(ended)} UTC, after {Time(run.Seconds)}{(run.Resumed.Count > 0 ? " since it was last resumed" : "")}");
        yield return Labelled("rejected", run.RejectedSamples is { } rejected ? $"{Count(rejected)} {(rejected == 1 ? "sample" : "samples")}" : None);
    }

    private static TextTable Models(RunStanding run) => new(
        "Training",
        [Left("model"), Left("network"), Left("device"), Right("steps"), Right("loss"), Right("accuracy %"), Right("over steps")],
        [.. run.Models.Select(m => new[]
        {
            m.Role, m.Network, m.Device, Steps(m.Steps, m.TotalSteps), Significant(m.Latest?.Loss), Fixed(Percent * m.Latest?.Accuracy, 1),
            m.Latest is { } latest ? Count(latest.Steps) : None,
        })]);

    private static TextTable? Elasticity(RunStanding run) => Table(
        "Elasticity",
        [Left("model"), Left("measure"), Left("protocol"), Right("after step"), Right("index"), Right("reference"), Right("rows"), Right("degenerate")],
        run,
        m => m.Elasticity.Select(e => new[]
        {
            m.Role, e.Measure, e.Protocol, Count(e.Step), Fixed(e.Index, 3), Fixed(e.Reference, 3), Count(e.MeasuredRows), Count(e.DegenerateRows),
        }));

    private static TextTable? Clusterings(RunStanding run) => Table(
        "Clustering",
        [Left("model"), Left("measure"), Left("method"), Right("after step"), Right("acc. %"), Right("control %")],
        run,
        m => m.Clusterings.Select(c => new[]
        {
            m.Role, c.Measure, c.Method, Count(c.Step), Fixed(Percent * c.Accuracy, 1), Fixed(Percent * c.ControlAccuracy, 1),
        }));

    private static TextTable? Checkpoints(RunStanding run) => Table(
        "Checkpoints",
        [Left("model"), Right("kept"), Right("latest step"), Left("saved (UTC)"), Right("age"), Right("size"), Right("all of them")],
        run,
        m => m.Checkpoints is not { } c ? [] :
        [
            [
                m.Role, Count(c.Kept), c.LatestStep is { } step ? Count(step) : None, Utc(c.LatestUtc), Time(c.AgeSeconds),
                c.LatestBytes is { } bytes ? Bytes(bytes) : None, Bytes(c.Bytes),
            ],
        ]);

    private static TextTable? Events(RunStanding run) => Table(
        "Latest events",
        [Left("model"), Right("step"), Left("event"), Left("what happened")],
        run,
        m => m.Events.Select(e => new[] { m.Role, Count(e.Step), e.Kind, UserText.OneLine(e.Detail) }));

    private static TextTable? Table(string title, TextColumn[] columns, RunStanding run, Func<ModelStanding, IEnumerable<string[]>> rows)
    {
        string[][] all = [.. run.Models.SelectMany(rows)];
        return all.Length == 0 ? null : new TextTable(title, columns, all);
    }

    private static string Labelled(string label, string value) => string.Create(CultureInfo.InvariantCulture, $"  {label.PadRight(LabelWidth)}{value}");

    private static TextColumn Left(string heading) => new(heading, FlushRight: false);

    private static TextColumn Right(string heading) => new(heading, FlushRight: true);
}
