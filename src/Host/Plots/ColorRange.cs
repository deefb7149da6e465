using ScottPlot;
using ScottPlot.Colormaps;

namespace ElasticityStream.Host.Plots;

/// <summary>The values at the two ends of a colour scale, chosen so that a few outliers do not wash out the rest.</summary>
/// <param name="Low">Values below it get the lowest colour.</param>
/// <param name="High">Values above it get the highest colour.</param>
/// <param name="Diverging">Whether the scale is symmetric about 0, which then is its neutral middle.</param>
internal readonly record struct ColorRange(double Low, double High, bool Diverging)
{
    private const double LowPercentile = 0.01;
    private const double HighPercentile = 0.99;

    // Noise about 0 does not earn half of the colours; values that a reader should see as negative do.
    private const double NegativeShare = 0.02;

    public IColormap Colormap => Diverging ? new Balance() : new Viridis();

    public string Explanation => Diverging
        ? "(colours symmetric about 0, ending at the 99th percentile of the absolute value)"
        : "(colours end at the 1st and 99th percentile)";

    /// <summary>Chooses the ends from at least one value.</summary>
    public static ColorRange Of(double[] values)
    {
        Array.Sort(values);
        var (low, high) = (Percentile(values, LowPercentile), Percentile(values, HighPercentile));
        if (low < -NegativeShare * Math.Abs(high))
        {
            var sizes = Array.ConvertAll(values, Math.Abs);
            Array.Sort(sizes);
            var end = Percentile(sizes, HighPercentile);
            return new ColorRange(-end, end, Diverging: true);
        }

        if (high - low <= 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            var margin = Math.Max(0.5 * Math.Abs(low), 1e-12);
            return new ColorRange(low - margin, high + margin, Diverging: false);
        }

        return new ColorRange(low, high, Diverging: false);
    }

    private static double Percentile(double[] sorted, double fraction) =>
        sorted[(int)Math.Round(fraction * (sorted.Length - 1))];
}
