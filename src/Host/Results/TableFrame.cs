using System.Globalization;
using Spectre.Console;

namespace ElasticityStream.Host.Results;

/// <summary>Draws tables with lines around their cells, for a terminal.</summary>
internal static class TableFrame
{
    // What a frame adds to a column: two blanks of padding and a line, less the gap of the plain table.
    private const int FramePerColumn = 1;

    /// <summary>Whether all of some tables fit into a terminal of so many characters; of those shown together all have frames, or none.</summary>
    public static bool Fits(IEnumerable<TextTable> tables, int width) =>
        tables.All(table => table.PlainWidth + (FramePerColumn * table.Columns.Count) + 1 <= width);

    /// <summary>The table with its title above it.</summary>
    public static string Draw(TextTable table, int width)
    {
        var frame = new Table { Border = TableBorder.Rounded };
        foreach (var column in table.Columns)
            frame.AddColumn(new TableColumn(new Text(column.Heading)) { Alignment = column.FlushRight ? Justify.Right : Justify.Left, NoWrap = true });
        foreach (var row in table.Rows)
            frame.AddRow(row.Select(cell => new Text(cell)));

        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(frame);
        return $"{table.Title}\n{text}";
    }
}
