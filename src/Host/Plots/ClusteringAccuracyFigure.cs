using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.RunFiles;
using ScottPlot;
using SkiaSharp;

namespace ElasticityStream.Host.Plots;

/// <summary>
/// The clustering accuracy over the steps, a panel a measure and method: the best objective as a line, the lowest to the highest
/// accuracy over the restarts as a band, and the same of the control.
/// </summary>
public sealed record ClusteringAccuracyFigure
{
    private const int PanelWidth = 900;
    private const int LonePanelWidth = 1_500;
    private const int PanelHeight = 560;
    private const int HeaderHeight = 150;
    private const int Margin = 40;
    private const int TitleBase = 52;
    private const int SubtitleBase = 88;
    private const int LegendTop = 104;
    private const double Percent = 100;
    private const double StrokeDistance = 0.1;

    /// <summary>The study and the model.</summary>
    public required FigureCaption Caption { get; init; }

    /// <summary>All clusterings.</summary>
    public required IReadOnlyList<ClusteringRow> Rows { get; init; }

    /// <summary>What the control clusters, as in "pixels".</summary>
    public required string ControlName { get; init; }

    /// <summary>Draws the picture into a PNG file.</summary>
    /// <returns>False, and no file, where there is no clustering.</returns>
    /// <exception cref="RunDirectoryException">The file could not be written.</exception>
    public bool Save(string path)
    {
        if (Rows.Count == 0)
            return false;
        using var surface = Draw();
        FigureStyle.Save(new Image(surface), path);
        return true;
    }

    internal SKSurface Draw()
    {
        var panels = Rows.GroupBy(row => (row.Measure, row.Method)).ToArray();
        var columns = panels.Length == 1 ? 1 : 2;
        var lines = (panels.Length + columns - 1) / columns;
        var (low, high) = AccuracyLimits();

        PlotFont.Use();
        var panelWidth = columns == 1 ? LonePanelWidth : PanelWidth;
        var (width, height) = (columns * panelWidth, HeaderHeight + (lines * PanelHeight));
        var surface = SKSurface.Create(new SKImageInfo(width, height));
        surface.Canvas.Clear(SKColors.White);
        foreach (var (place, panel) in panels.Index())
        {
            using var plot = DrawPanel(panel.Key.Measure, panel.Key.Method, [.. panel], low, high);
            var (line, column) = Math.DivRem(place, columns);
            using var image = FigureStyle.Render(plot, panelWidth, PanelHeight);
            using var paint = Paint.NewDisposablePaint();
            image.Render(surface.Canvas, new PixelRect(
                column * panelWidth, (column + 1) * panelWidth, HeaderHeight + ((line + 1) * PanelHeight), HeaderHeight + (line * PanelHeight)),
                paint, antiAlias: false);
        }

        DrawHeader(surface.Canvas, width);
        return surface;
    }

    private static Plot DrawPanel(string measure, string method, ClusteringRow[] rows, double low, double high)
    {
        var plot = FigureStyle.Create($"{measure} similarity, {method}", subtitle: null, "step", "accuracy (%)");
        FigureStyle.UseStepTicks(plot);
        if (rows.Length == 1)
        {
            AddStroke(plot, rows[0].Step + StrokeDistance, rows[0].Control, FigureStyle.Vermilion);
            AddStroke(plot, rows[0].Step - StrokeDistance, rows[0].Scores, FigureStyle.Blue);
            plot.Axes.Bottom.SetTicks([rows[0].Step], [$"{rows[0].Step:N0}"]);
            plot.Axes.SetLimitsX(rows[0].Step - 1, rows[0].Step + 1);
        }
        else
        {
            AddCurve(plot, rows, row => row.Control, FigureStyle.Vermilion, LinePattern.Dashed);
            AddCurve(plot, rows, row => row.Scores, FigureStyle.Blue, LinePattern.Solid);
            plot.Axes.AutoScaleX();
        }

        plot.Axes.SetLimitsY(low, high);
        return plot;
    }

    private static void AddCurve(Plot plot, ClusteringRow[] rows, Func<ClusteringRow, ClusteringScoresRow> scores, Color color, LinePattern pattern)
    {
        var band = plot.Add.FillY([.. rows.Select(row =>
            ((double)row.Step, Percent * scores(row).AccuracyLowest, Percent * scores(row).AccuracyHighest))]);
        band.FillColor = color.WithOpacity(FigureStyle.BandOpacity);
        band.LineWidth = 0;
        band.MarkerSize = 0;
        var line = plot.Add.Scatter(rows.Select(row => new Coordinates(row.Step, Percent * scores(row).Accuracy)).ToArray(), color);
        line.LineWidth = FigureStyle.LineWidth;
        line.LinePattern = pattern;
        line.MarkerSize = rows.Length < 40 ? 10 : 0;
    }

    /// <summary>A band over one step has no width: a stroke shows the spread of a lone clustering.</summary>
    private static void AddStroke(Plot plot, double x, ClusteringScoresRow scores, Color color)
    {
        var spread = plot.Add.Line(x, Percent * scores.AccuracyLowest, x, Percent * scores.AccuracyHighest);
        spread.Color = color.WithOpacity(2 * FigureStyle.BandOpacity);
        spread.LineWidth = 5 * FigureStyle.LineWidth;
        plot.Add.Markers(new[] { new Coordinates(x, Percent * scores.Accuracy) }, MarkerShape.FilledCircle, 14, color);
    }

    private (double Low, double High) AccuracyLimits()
    {
        var lowest = Percent * Rows.Min(row => Math.Min(row.Scores.AccuracyLowest, row.Control.AccuracyLowest));
        // The same scale in all panels, to be compared at a glance.
        return (Math.Max(0, Math.Floor((lowest - 3) / 5) * 5), 102);
    }

    private void DrawHeader(SKCanvas canvas, int width)
    {
        using var paint = Paint.NewDisposablePaint();
        FigureHeading.Title("Clustering accuracy while training").Render(canvas, new Pixel(Margin, TitleBase), paint);
        FigureHeading.Subtitle(Caption.ToString()).Render(canvas, new Pixel(Margin, SubtitleBase), paint);

        using var plot = new Plot();
        var legend = new Legend(plot) { Orientation = Orientation.Horizontal, Layout = new ScottPlot.LegendLayouts.Wrapping() };
        FigureStyle.Apply(legend);
        legend.InterItemPadding = new PixelPadding(0, 28, 4, 4);
        legend.ManualItems =
        [
            Item("similarity: best objective", FigureStyle.Blue, LinePattern.Solid),
            BandItem("lowest to highest restart", FigureStyle.Blue),
            Item($"control ({ControlName}): best objective", FigureStyle.Vermilion, LinePattern.Dashed),
            BandItem("lowest to highest restart", FigureStyle.Vermilion),
        ];
        legend.Render(canvas, paint, new PixelRect(Margin, width - Margin, HeaderHeight, LegendTop), Alignment.UpperLeft);

        static LegendItem Item(string text, Color color, LinePattern pattern) =>
            new() { LabelText = text, LineColor = color, LineWidth = FigureStyle.LineWidth, LinePattern = pattern };

        static LegendItem BandItem(string text, Color color) =>
            new() { LabelText = text, FillColor = color.WithOpacity(2 * FigureStyle.BandOpacity) };
    }
}
