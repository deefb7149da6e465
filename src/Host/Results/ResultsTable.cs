using System.Globalization;

namespace ElasticityStream.Host.Results;

/// <summary>
/// The closing table of a study: how each model was trained, its elasticity beside the linear reference, its clusterings beside
/// their control, and where the files are. Framed on a terminal that is wide enough; otherwise plain ASCII, aligned with spaces.
/// </summary>
public static class ResultsTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="summary">What the study found.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="isTerminal">Whether a person looks at <paramref name="output"/>.</param>
    /// <param name="width">The terminal's width in characters; ignored where it is none.</param>
    public static void Write(StudySummary summary, TextWriter output, bool isTerminal, int width)
    {
        var content = new StudyTables(summary);
        var tables = new[] { content.Models(), content.Elasticity(), content.Clusterings() }.OfType<TextTable>().ToArray();
        var isFramed = isTerminal && TableFrame.Fits(tables, width);

        output.Write(Heading(summary));
        output.Write('\n');
        foreach (var table in tables)
        {
            output.Write('\n');
            output.Write(isFramed ? TableFrame.Draw(table, width) : table.ToPlainText());
        }

        foreach (var line in content.KernelDistances().Prepend(""))
            output.Write($"{line}\n");
        foreach (var line in content.Legend())
            output.Write($"{line}\n");
        WriteFiles(summary.Files, output);
        output.Flush();
    }

    private static string Heading(StudySummary summary)
    {
        var ending = summary.Outcome.ToString().ToLowerInvariant();
        var rejected = summary.RejectedSamples == 0
            ? "no sample rejected"
            : string.Create(CultureInfo.InvariantCulture, $"{summary.RejectedSamples:N0} {(summary.RejectedSamples == 1 ? "sample" : "samples")} rejected (see run.db, rejected_samples)");
        return $"Study {summary.Study}: {ending}, {rejected}";
    }

    private static void WriteFiles(IReadOnlyList<ResultFile> files, TextWriter output)
    {
        if (files.Count == 0)
            return;
        output.Write("\nFiles\n");
        var longest = files.Max(file => file.Content.Length);
        foreach (var file in files)
            output.Write($"  {file.Content.PadRight(longest)}  {file.Path}\n");
    }
}
