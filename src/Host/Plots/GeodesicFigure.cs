using ElasticityStream.Host.RunFiles;
using ScottPlot;

namespace ElasticityStream.Host.Plots;

/// <summary>
/// The raw similarity of every ordered pair of probes i != j against their geodesic distance. Beyond 20,000 pairs a fixed
/// selection is drawn; the picture says so.
/// </summary>
public sealed record GeodesicFigure
{
    private const int Width = 1_500;
    private const int Height = 1_000;
    private const int MostPoints = 20_000;
    private const int Bins = 30;

    // Multiples of the golden ratio, modulo 1, cover an interval evenly without falling into step with the rows of the matrix.
    private const double GoldenRatio = 0.618_033_988_749_894_9;

    /// <summary>The study and the model.</summary>
    public required FigureCaption Caption { get; init; }

    /// <summary>"relative" or "kernelized".</summary>
    public required string Measure { get; init; }

    /// <summary>How many probes there are, at least 2.</summary>
    public required int Probes { get; init; }

    /// <summary>The raw similarity in row i and column j; finite.</summary>
    public required Func<int, int, double> Similarity { get; init; }

    /// <summary>The geodesic distance between probes i and j; finite, not negative.</summary>
    public required Func<int, int, double> Distance { get; init; }

    /// <summary>The label of the distance axis, as in "geodesic distance (angle, rad)".</summary>
    public required string DistanceLabel { get; init; }

    /// <summary>The Pearson correlation over all pairs, in [-1, 1].</summary>
    public required double Correlation { get; init; }

    /// <summary>Draws the picture into a PNG file.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than 2 probes, or a value is not finite or a distance negative.</exception>
    /// <exception cref="RunDirectoryException">The file could not be written.</exception>
    public void Save(string path)
    {
        using var plot = Draw();
        FigureStyle.Save(FigureStyle.Render(plot, Width, Height), path);
    }

    internal Plot Draw()
    {
        if (Probes < 2)
            throw new InvalidOperationException($"Pairs of probes take at least 2 of them; there are {Probes}.");
        var pairs = (long)Probes * (Probes - 1);
        var points = Points(pairs);

        var plot = FigureStyle.Create(
            $"{char.ToUpperInvariant(Measure[0])}{Measure[1..]} similarity against geodesic distance: Pearson correlation {Correlation:0.000}",
            $"{Caption}  ·  {(points.Length < pairs ? $"{points.Length:N0} of " : "")}{pairs:N0} ordered pairs of {Probes:N0} probes",
            DistanceLabel,
            $"{Measure} similarity");
        var cloud = plot.Add.Markers(points, MarkerShape.FilledCircle, points.Length > 2_000 ? 5 : 8, FigureStyle.Blue.WithOpacity(0.25));
        cloud.LegendText = "a pair";
        var means = plot.Add.Scatter(BinMeans(points), FigureStyle.Vermilion);
        means.LineWidth = FigureStyle.LineWidth;
        means.MarkerSize = 0;
        means.LegendText = $"mean in {Bins} bins";
        plot.Axes.Margins(0.02, 0.05);
        plot.Axes.AutoScale();
        FigureStyle.ShowLegend(plot);
        return plot;
    }

    private Coordinates[] Points(long pairs)
    {
        var points = new Coordinates[Math.Min(pairs, MostPoints)];
        for (var k = 0; k < points.Length; k++)
        {
            var pair = pairs <= MostPoints ? k : (long)(k * GoldenRatio % 1 * pairs);
            var (i, column) = Math.DivRem(pair, Probes - 1);
            var j = column < i ? column : column + 1;
            var (distance, similarity) = (Distance((int)i, (int)j), Similarity((int)i, (int)j));
            if (!double.IsFinite(similarity) || !double.IsFinite(distance) || distance < 0)
                throw new InvalidOperationException($"Probes {i} and {j} have similarity {similarity} and distance {distance}; leave probes without a row out.");
            points[k] = new Coordinates(distance, similarity);
        }

        return points;
    }

    private static Coordinates[] BinMeans(Coordinates[] points)
    {
        var (low, high) = (points.Min(point => point.X), points.Max(point => point.X));
        var width = Math.Max(high - low, double.Epsilon) / Bins;
        return [.. points
            .GroupBy(point => Math.Min((int)((point.X - low) / width), Bins - 1))
            .OrderBy(bin => bin.Key)
            .Select(bin => new Coordinates(bin.Average(point => point.X), bin.Average(point => point.Y)))];
    }
}
