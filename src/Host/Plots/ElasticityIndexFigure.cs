using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.RunFiles;
using ScottPlot;

namespace ElasticityStream.Host.Plots;

/// <summary>
/// The elasticity index over the steps: a curve a measure, the index of the exactly linear model on the same probes as a dashed
/// line, and the contrast model's curves in a lighter shade.
/// </summary>
public sealed record ElasticityIndexFigure
{
    private const int Width = 1_600;
    private const int Height = 900;
    private const double Undecided = 0.5;
    private const double ContrastOpacity = 0.45;
    private const double SmallestSpan = 0.05;

    /// <summary>The study and the model.</summary>
    public required FigureCaption Caption { get; init; }

    /// <summary>The model's short name in the legend, as in "relu".</summary>
    public required string ModelName { get; init; }

    /// <summary>The model's index; rows where it is undefined are left out.</summary>
    public required IReadOnlyList<ElasticityIndexRow> Rows { get; init; }

    /// <summary>The contrast model's short name in the legend, as in "identity"; null if there is none.</summary>
    public string? ContrastName { get; init; }

    /// <summary>The contrast model's index.</summary>
    public IReadOnlyList<ElasticityIndexRow> ContrastRows { get; init; } = [];

    /// <summary>Draws the picture into a PNG file.</summary>
    /// <returns>False, and no file, where the index is defined nowhere.</returns>
    /// <exception cref="RunDirectoryException">The file could not be written.</exception>
    public bool Save(string path)
    {
        if (!Rows.Concat(ContrastRows).Any(row => row.Index is not null))
            return false;
        using var plot = Draw();
        FigureStyle.Save(FigureStyle.Render(plot, Width, Height), path);
        return true;
    }

    internal Plot Draw()
    {
        var plot = FigureStyle.Create(
            "Elasticity index while training", Caption.ToString(), "step", "same / (same + different class similarity)");
        FigureStyle.UseStepTicks(plot);
        var half = plot.Add.HorizontalLine(Undecided, FigureStyle.ThinLineWidth, Colors.Black.WithOpacity(0.5), LinePattern.Dotted);
        half.LegendText = "0.5: classes not told apart";

        var values = new List<double> { Undecided };
        foreach (var (position, measure) in Rows.Concat(ContrastRows).Select(row => row.Measure).Distinct().Order().Index())
        {
            var color = FigureStyle.OfMeasure(measure, position);
            AddCurves(plot, Rows, measure, ModelName, color, values);
            if (ContrastName is not null)
                AddCurves(plot, ContrastRows, measure, $"{ContrastName} (contrast)", color.WithOpacity(ContrastOpacity), values);
            if (Rows.LastOrDefault(row => row.Measure == measure && row.Reference is not null)?.Reference is { } reference)
            {
                var line = plot.Add.HorizontalLine(reference, FigureStyle.ThinLineWidth, color, LinePattern.Dashed);
                line.LegendText = $"{measure}, linear reference {reference:0.000}";
                values.Add(reference);
            }
        }

        Fit(plot, values);
        FigureStyle.ShowLegend(plot);
        return plot;
    }

    private static void AddCurves(
        Plot plot, IReadOnlyList<ElasticityIndexRow> rows, string measure, string model, Color color, List<double> values)
    {
        foreach (var curve in rows.Where(row => row.Measure == measure && row.Index is not null).GroupBy(row => row.Protocol))
        {
            var points = curve.Select(row => new Coordinates(row.Step, row.Index!.Value)).ToArray();
            var line = plot.Add.Scatter(points, color);
            line.LineWidth = FigureStyle.LineWidth;
            // Sweeps are single measurements; so is a curve of few points, which without marks would hardly be seen.
            line.MarkerSize = curve.Key == "sweep" || points.Length < 15 ? 11 : 0;
            line.LegendText = curve.Key == "sweep" ? $"{measure}, {model}, sweeps" : $"{measure}, {model}";
            values.AddRange(points.Select(point => point.Y));
        }
    }

    private static void Fit(Plot plot, List<double> values)
    {
        var (low, high) = (values.Min(), values.Max());
        var margin = Math.Max(0.08 * (high - low), (SmallestSpan - (high - low)) / 2);
        plot.Axes.AutoScaleX();
        plot.Axes.SetLimitsY(low - margin, high + margin);
    }
}
