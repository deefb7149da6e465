using System.Runtime.InteropServices;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Host.RunFiles;
using ScottPlot;
using ScottPlot.AxisPanels;
using ScottPlot.TickGenerators;

namespace ElasticityStream.Host.Plots;

/// <summary>
/// A similarity matrix as a picture, its probes ordered by class or by cluster. Row 0 is on top. More probes than fit are
/// averaged in square blocks; the picture says so.
/// </summary>
public sealed record SimilarityHeatmap
{
    private const int Side = 1_000;
    private const int Top = 120;
    private const int Right = 230;
    private const int LeftBesideNames = 110;
    private const int BottomBelowNames = 110;
    private const int LongestName = 16;
    private const float ColorBarLabelGap = 20;
    private const float LetterWidth = 10.5f;
    private const float LineHeight = 26;

    /// <summary>The study and the model.</summary>
    public required FigureCaption Caption { get; init; }

    /// <summary>"relative" or "kernelized".</summary>
    public required string Measure { get; init; }

    /// <summary>Whether the matrix is (S + S^T) / 2; else row i holds the step at probe i.</summary>
    public required bool Symmetrised { get; init; }

    /// <summary>n x n, row-major; finite.</summary>
    public required double[] Similarity { get; init; }

    /// <summary>What <see cref="Groups"/> are: "class" or "cluster".</summary>
    public required string GroupKind { get; init; }

    /// <summary>The class or cluster of each of the 2 or more probes.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>The class of each probe, by which those of one cluster are ordered; null leaves them in their order.</summary>
    public IReadOnlyList<string>? ClassesWithinGroups { get; init; }

    /// <summary>Draws the picture into a PNG file.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than 2 probes, or a similarity is not finite.</exception>
    /// <exception cref="RunDirectoryException">The file could not be written.</exception>
    public void Save(string path)
    {
        var (drawn, width, height) = Draw();
        using var plot = drawn;
        FigureStyle.Save(FigureStyle.Render(plot, width, height), path);
    }

    internal (Plot Plot, int Width, int Height) Draw()
    {
        var n = Groups.Count;
        if (n < 2)
            throw new InvalidOperationException($"A similarity matrix has at least 2 probes; this one has {n}.");
        var blocks = ProbeBlocks.By(Groups, ClassesWithinGroups);
        var cells = SimilarityCells.Of(blocks.Order, Side, i => Similarity.AsSpan(i * n, n));
        if (!Array.TrueForAll(cells.Means, double.IsFinite))
            throw new InvalidOperationException("A similarity is not finite; leave probes without a row out.");
        var range = ColorRange.Of([.. cells.OffDiagonal()]);

        var note = cells.PerCell == 1 ? "" : $"  ·  a cell is the mean over {cells.PerCell} × {cells.PerCell} pairs";
        var plot = FigureStyle.Create(
            $"{Capitalised(Measure)} similarity, probes ordered by {GroupKind}{(ClassesWithinGroups is null ? "" : ", then by class")}",
            $"{Caption}  ·  {n:N0} probes{note}",
            Symmetrised ? $"probe, by {GroupKind}" : $"observed at probe j, by {GroupKind}",
            Symmetrised ? $"probe, by {GroupKind}" : $"step at probe i, by {GroupKind}");

        var picture = new double[cells.Side, cells.Side];
        cells.Means.CopyTo(MemoryMarshal.CreateSpan(ref picture[0, 0], picture.Length));
        var heatmap = plot.Add.Heatmap(picture);
        var extent = cells.Side * cells.PerCell;
        heatmap.Extent = new CoordinateRect(0, extent, n - extent, n);
        heatmap.Colormap = range.Colormap;
        heatmap.ManualRange = new ScottPlot.Range(range.Low, range.High);
        AddColorBar(plot, heatmap, range);

        // The upper end of the axis is place 0, so a place p lies at n - p.
        plot.Axes.SetLimits(0, n, 0, n);
        foreach (var block in blocks.Blocks.Skip(1))
        {
            Separate(plot.Add.VerticalLine(block.Start));
            Separate(plot.Add.HorizontalLine(n - block.Start));
        }

        var (left, bottom) = LabelBlocks(plot, blocks, n);
        plot.HideGrid();
        plot.Layout.Fixed(new PixelPadding(left, Right, bottom, Top));
        return (plot, left + Side + Right, Top + Side + bottom);

        void Separate(ScottPlot.Plottables.AxisLine line)
        {
            line.Color = range.Diverging ? Colors.Black : Colors.White;
            line.LineWidth = 1.5f;
            line.EnableAutoscale = false;
        }
    }

    private static string Capitalised(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private void AddColorBar(Plot plot, ScottPlot.Plottables.Heatmap heatmap, ColorRange range)
    {
        var bar = plot.Add.ColorBar(heatmap);
        bar.Label = $"{Measure} similarity {range.Explanation}";
        bar.LabelStyle.FontName = PlotFont.Name;
        bar.LabelStyle.FontSize = FigureStyle.TextSize;
        bar.LabelStyle.Bold = false;
        bar.Axis.TickLabelStyle.FontName = PlotFont.Name;
        bar.Axis.TickLabelStyle.FontSize = FigureStyle.TickSize;
        bar.Width = 34;
        bar.Axis.TickGenerator = new NumericAutomatic { TickDensity = FigureStyle.TickDensity };
        ((AxisBase)bar.Axis).PaddingBetweenTickAndAxisLabels = new PixelPadding(ColorBarLabelGap);
    }

    /// <summary>Names the blocks on both axes, as many as fit, and returns the room that the names need.</summary>
    private static (int Left, int Bottom) LabelBlocks(Plot plot, ProbeBlocks blocks, int n)
    {
        var pixelsPerProbe = (float)Side / n;
        var narrowest = blocks.Blocks.Min(block => block.Count) * pixelsPerProbe;
        var slanted = blocks.Blocks.Max(block => Shortened(block.Name).Length) * LetterWidth > narrowest;
        var withCounts = blocks.Blocks.Count <= 20;

        var across = new NumericManual();
        var down = new NumericManual();
        var (lastAcross, lastDown) = (float.NegativeInfinity, float.NegativeInfinity);
        var (longestAcross, longestDown) = (0, 0);
        foreach (var block in blocks.Blocks)
        {
            var place = (float)block.Middle * pixelsPerProbe;
            var name = Shortened(block.Name);
            if (!slanted || place - lastAcross >= 1.4f * LineHeight)
            {
                across.AddMajor(block.Middle, name);
                lastAcross = place;
                longestAcross = Math.Max(longestAcross, name.Length);
            }

            if (place - lastDown >= LineHeight)
            {
                var label = withCounts ? $"{name}  ({block.Count:N0})" : name;
                down.AddMajor(n - block.Middle, label);
                lastDown = place;
                longestDown = Math.Max(longestDown, label.Length);
            }
        }

        var bottom = (AxisBase)plot.Axes.Bottom;
        bottom.TickGenerator = across;
        plot.Axes.Left.TickGenerator = down;
        var slantedHeight = slanted ? (int)(longestAcross * LetterWidth * Math.Sqrt(0.5)) : 0;
        if (slanted)
        {
            bottom.TickLabelStyle.Rotation = 45;
            bottom.TickLabelStyle.Alignment = Alignment.MiddleLeft;
            bottom.TickLabelStyle.OffsetY = LineHeight / 3;
            bottom.PaddingBetweenTickAndAxisLabels = new PixelPadding((slantedHeight / 2f) + FigureStyle.LabelGap);
        }

        return ((int)(longestDown * LetterWidth) + LeftBesideNames, slantedHeight + BottomBelowNames);
    }

    private static string Shortened(string name) => name.Length <= LongestName ? name : $"{name.AsSpan(0, LongestName - 1)}…";
}
