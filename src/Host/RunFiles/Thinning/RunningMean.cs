namespace ElasticityStream.Host.RunFiles.Thinning;

/// <summary>The mean of some numbers, which can be joined with that of others.</summary>
/// <param name="Count">How many.</param>
/// <param name="Mean">Their mean; NaN if there are none, or none that a float64 can hold.</param>
internal readonly record struct RunningMean(long Count, double Mean)
{
    /// <summary>Of no number.</summary>
    public static RunningMean None => new(0, double.NaN);

    /// <summary>Of those of <paramref name="values"/> that are finite, added in their order.</summary>
    public static RunningMean Of(IEnumerable<double> values)
    {
        var (count, sum) = (0L, 0.0);
        foreach (var value in values.Where(double.IsFinite))
        {
            count++;
            sum += value;
        }

        return new RunningMean(count, count > 0 && double.IsFinite(sum) ? sum / count : double.NaN);
    }

    /// <summary>Of the numbers of both.</summary>
    public static RunningMean operator +(RunningMean left, RunningMean right) => (left.Count, right.Count) switch
    {
        (_, 0) => left,
        (0, _) => right,
        var (a, b) => new RunningMean(a + b, left.Mean * ((double)a / (a + b)) + right.Mean * ((double)b / (a + b))),
    };
}
