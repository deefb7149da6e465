namespace ElasticityStream.Compute.Similarity;

/// <summary>The Pearson correlation of two equally long series.</summary>
public static class PearsonCorrelation
{
    /// <summary>In [-1, 1]; null where it is undefined: fewer than two points, or a series that does not vary.</summary>
    public static double? Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"{x.Length} and {y.Length} values.", nameof(y));
        if (x.Length < 2)
            return null;
        // From the first point on, so that a series that does not vary has deviations of exactly 0, whatever its mean rounds to.
        double meanX = 0, meanY = 0;
        for (var i = 0; i < x.Length; i++)
        {
            meanX += x[i] - x[0];
            meanY += y[i] - y[0];
        }

        meanX /= x.Length;
        meanY /= x.Length;
        double covariance = 0, varianceX = 0, varianceY = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var (dx, dy) = (x[i] - x[0] - meanX, y[i] - y[0] - meanY);
            covariance += dx * dy;
            varianceX += dx * dx;
            varianceY += dy * dy;
        }

        return varianceX > 0 && varianceY > 0 ? Math.Clamp(covariance / Math.Sqrt(varianceX) / Math.Sqrt(varianceY), -1, 1) : null;
    }
}
