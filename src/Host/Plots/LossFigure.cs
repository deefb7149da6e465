using ElasticityStream.Host.RunFiles;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace ElasticityStream.Host.Plots;

/// <summary>The training loss over the steps, as means over windows; on a logarithmic axis where it spans more than two decades.</summary>
public sealed record LossFigure
{
    private const int Width = 1_600;
    private const int Height = 900;
    private const double DecadesForLogarithm = 2;

    /// <summary>The study and the model.</summary>
    public required FigureCaption Caption { get; init; }

    /// <summary>The loss in words with its unit where it has one, as in "squared error".</summary>
    public required string LossName { get; init; }

    /// <summary>The model's short name in the legend, as in "relu".</summary>
    public required string ModelName { get; init; }

    /// <summary>The windows of the model.</summary>
    public required IReadOnlyList<LossWindow> Windows { get; init; }

    /// <summary>The contrast model's short name in the legend; null if there is none.</summary>
    public string? ContrastName { get; init; }

    /// <summary>The windows of the contrast model.</summary>
    public IReadOnlyList<LossWindow> ContrastWindows { get; init; } = [];

    /// <summary>Draws the picture into a PNG file.</summary>
    /// <returns>False, and no file, where there is no loss to draw.</returns>
    /// <exception cref="RunDirectoryException">The file could not be written.</exception>
    public bool Save(string path)
    {
        if (Windows.Count + ContrastWindows.Count == 0)
            return false;
        using var plot = Draw();
        FigureStyle.Save(FigureStyle.Render(plot, Width, Height), path);
        return true;
    }

    internal Plot Draw()
    {
        var all = Windows.Concat(ContrastWindows).ToArray();
        var perWindow = all.Max(window => window.LastStep - window.FirstStep + 1);
        var (low, high) = (all.Min(window => window.MeanLoss), all.Max(window => window.MeanLoss));
        var logarithmic = low > 0 && Math.Log10(high / low) > DecadesForLogarithm;

        var plot = FigureStyle.Create(
            "Training loss", $"{Caption}  ·  mean over windows of {perWindow:N0} {(perWindow == 1 ? "step" : "steps")}, each loss before its step", "step", LossName);
        FigureStyle.UseStepTicks(plot);
        var line = AddCurve(plot, Windows, FigureStyle.Blue, logarithmic);
        if (ContrastName is not null)
        {
            line.LegendText = ModelName;
            AddCurve(plot, ContrastWindows, FigureStyle.Vermilion, logarithmic).LegendText = $"{ContrastName} (contrast)";
            FigureStyle.ShowLegend(plot);
        }

        if (logarithmic)
            UseDecades(plot);
        plot.Axes.AutoScale();
        if (!logarithmic && low >= 0)
            plot.Axes.SetLimitsY(0, high > 0 ? 1.05 * high : 1);
        return plot;
    }

    private static Scatter AddCurve(Plot plot, IReadOnlyList<LossWindow> windows, Color color, bool logarithmic)
    {
        var points = windows
            .Select(window => new Coordinates(
                (window.FirstStep + window.LastStep) / 2.0, logarithmic ? Math.Log10(window.MeanLoss) : window.MeanLoss))
            .ToArray();
        var line = plot.Add.Scatter(points, color);
        line.LineWidth = FigureStyle.LineWidth;
        line.MarkerSize = points.Length < 15 ? 11 : 0;
        return line;
    }

    /// <summary>The curve holds logarithms: ticks at whole decades, written as powers of ten.</summary>
    private static void UseDecades(Plot plot)
    {
        plot.Axes.Left.TickGenerator = new NumericAutomatic
        {
            IntegerTicksOnly = true,
            MinorTickGenerator = new LogMinorTickGenerator(),
            LabelFormatter = exponent => $"10{Superscript((int)Math.Round(exponent))}",
        };
        plot.Grid.MinorLineWidth = 0;
    }

    private static string Superscript(int number) =>
        string.Concat(number.ToString().Select(digit => digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));
}
