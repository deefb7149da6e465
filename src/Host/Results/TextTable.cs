using System.Text;

namespace ElasticityStream.Host.Results;

/// <summary>A table of texts: a title, headings and rows.</summary>
internal sealed record TextTable(string Title, IReadOnlyList<TextColumn> Columns, IReadOnlyList<string[]> Rows)
{
    private const string Indent = "  ";
    private const string Gap = "  ";

    /// <summary>How many characters the longest line of <see cref="ToPlainText"/> has.</summary>
    public int PlainWidth => Indent.Length + Widths().Sum() + (Gap.Length * (Columns.Count - 1));

    /// <summary>The table in plain characters: columns aligned with spaces, no lines.</summary>
    public string ToPlainText()
    {
        var widths = Widths();
        var text = new StringBuilder().Append(Title).Append('\n');
        AppendRow([.. Columns.Select(column => column.Heading)]);
        AppendRow([.. widths.Select(width => new string('-', width))]);
        foreach (var row in Rows)
            AppendRow(row);
        return text.ToString();

        void AppendRow(string[] cells)
        {
            var line = new StringBuilder(Indent);
            for (var k = 0; k < cells.Length; k++)
            {
                line.Append(k > 0 ? Gap : "");
                line.Append(Columns[k].FlushRight ? cells[k].PadLeft(widths[k]) : cells[k].PadRight(widths[k]));
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
    }

    private int[] Widths() =>
        [.. Columns.Select((column, k) => Rows.Select(row => row[k].Length).Append(column.Heading.Length).Max())];
}
