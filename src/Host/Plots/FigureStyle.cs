using ElasticityStream.Host.RunFiles;
using ScottPlot;
using ScottPlot.AxisPanels;
using ScottPlot.TickGenerators;

namespace ElasticityStream.Host.Plots;

/// <summary>What all figures share: sizes, colours that colour-blind readers can tell apart (Okabe and Ito), the file.</summary>
internal static class FigureStyle
{
    public const float TitleSize = 30;
    public const float TextSize = 22;
    public const float TickSize = 20;
    public const float LineWidth = 3.5f;
    public const float ThinLineWidth = 2;
    public const double BandOpacity = 0.18;
    public const double TickDensity = 0.6;
    public const float LabelGap = 10;

    public static readonly Color Blue = Color.FromHex("#0072B2");
    public static readonly Color Vermilion = Color.FromHex("#D55E00");
    public static readonly Color Green = Color.FromHex("#009E73");
    public static readonly Color Purple = Color.FromHex("#AA4499");
    public static readonly Color Grey = Color.FromHex("#5F6368");
    public static readonly Color Grid = Color.FromHex("#E4E6E8");

    private static readonly Color[] Others = [Green, Purple];

    /// <summary>The colour of a measure, the same in every figure.</summary>
    public static Color OfMeasure(string measure, int position) => measure switch
    {
        "relative" => Blue,
        "kernelized" => Vermilion,
        _ => Others[position % Others.Length],
    };

    /// <summary>An empty plot with heading and labelled axes.</summary>
    public static Plot Create(string title, string? subtitle, string xLabel, string yLabel)
    {
        PlotFont.Use();
        var plot = new Plot();
        plot.Axes.AddPanel(new FigureHeading(title, subtitle));
        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.Label.FontName = PlotFont.Name;
            axis.Label.FontSize = TextSize;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontName = PlotFont.Name;
            axis.TickLabelStyle.FontSize = TickSize;
        }

        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { TickDensity = TickDensity };
        plot.Axes.Left.TickGenerator = new NumericAutomatic { TickDensity = TickDensity };
        ((AxisBase)plot.Axes.Left).PaddingBetweenTickAndAxisLabels = new PixelPadding(LabelGap);
        ((AxisBase)plot.Axes.Bottom).PaddingBetweenTickAndAxisLabels = new PixelPadding(LabelGap / 3);

        plot.XLabel(xLabel);
        plot.YLabel(yLabel);
        plot.Axes.Right.MinimumSize = 40;
        plot.Grid.MajorLineColor = Grid;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        return plot;
    }

    /// <summary>Steps are whole numbers and are written with a thousands separator.</summary>
    public static void UseStepTicks(Plot plot) =>
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic
        {
            IntegerTicksOnly = true,
            TickDensity = TickDensity,
            LabelFormatter = step => step.ToString("N0"),
        };

    /// <summary>Puts the legend to the right of the axes, where it covers nothing.</summary>
    public static void ShowLegend(Plot plot)
    {
        Apply(plot.Legend);
        plot.ShowLegend(Edge.Right).Alignment = Alignment.UpperLeft;
    }

    public static void Apply(Legend legend)
    {
        legend.FontName = PlotFont.Name;
        legend.FontSize = TickSize;
        legend.OutlineWidth = 0;
        legend.ShadowColor = Colors.Transparent;
        legend.BackgroundColor = Colors.Transparent;
        legend.SymbolWidth = 44;
        legend.SymbolPadding = 10;
    }

    /// <summary>Renders a plot.</summary>
    public static Image Render(Plot plot, int width, int height)
    {
        // The first rendering places the axis labels beside tick labels that it has not chosen yet.
        plot.RenderInMemory(width, height);
        return plot.GetImage(width, height);
    }

    /// <summary>Writes a PNG file whole or not at all.</summary>
    /// <exception cref="RunDirectoryException">The file could not be written.</exception>
    public static void Save(Image image, string path)
    {
        using var _ = image;
        var bytes = image.GetImageBytes(ImageFormat.Png);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }
}
