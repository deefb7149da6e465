using System.Diagnostics;

namespace ElasticityStream.Benchmarks;

/// <summary>
/// Times candidates in turn, round after round, so that whatever else the machine does meets all of them. Only ratios of such medians
/// mean something on a machine that is shared.
/// </summary>
internal static class SideBySide
{
    /// <summary>The median time of each candidate per unit of its work.</summary>
    /// <param name="rounds">How many rounds, after one that is not counted.</param>
    /// <param name="candidates">Each does some work and returns how many units that was.</param>
    /// <returns>Seconds a unit, in the order of the candidates.</returns>
    public static double[] Medians(int rounds, params Func<int>[] candidates) =>
        Medians(rounds, [.. candidates.Select(c => (Func<double>)(() => Timed(c)))]);

    /// <summary>The median of what each candidate says that a unit of its work took.</summary>
    /// <param name="rounds">How many rounds, after one that is not counted.</param>
    /// <param name="candidates">Each does some work and returns seconds a unit.</param>
    public static double[] Medians(int rounds, params Func<double>[] candidates)
    {
        var seconds = candidates.Select(_ => new double[rounds]).ToArray();
        for (var round = -1; round < rounds; round++)
        {
            for (var c = 0; c < candidates.Length; c++)
            {
                var elapsed = candidates[c]();
                if (round >= 0)
                    seconds[c][round] = elapsed;
            }
        }

        return [.. seconds.Select(Median)];
    }

    /// <summary>Seconds a unit of some work.</summary>
    public static double Timed(Func<int> work)
    {
        var start = Stopwatch.GetTimestamp();
        var units = work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / units;
    }

    /// <summary>The value in the middle, or the mean of the two that are.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
