using System.Runtime.InteropServices;

namespace ElasticityStream.Compute.Clustering;

/// <summary>How a figure varies over restarts.</summary>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="StandardDeviation">Of the sample (divisor count - 1); 0 for a single value.</param>
/// <param name="Maximum">The largest value.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Spread(double Minimum, double Mean, double StandardDeviation, double Maximum)
{
    /// <summary>The spread of at least one value.</summary>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Spread Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("A spread needs at least one value.", nameof(values));
        var (minimum, maximum, sum) = (values[0], values[0], 0.0);
        foreach (var value in values)
        {
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
            sum += value;
        }

        // The rounding of the sum must not put the mean of equal values outside their range.
        var mean = Math.Clamp(sum / values.Length, minimum, maximum);
        var squares = 0.0;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        return new Spread(minimum, mean, values.Length > 1 ? Math.Sqrt(squares / (values.Length - 1)) : 0, maximum);
    }
}
