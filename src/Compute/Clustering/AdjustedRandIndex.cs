namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// The Rand index corrected for chance (Hubert and Arabie 1985): 1 for equal partitions, 0 on average for random ones, at least -0.5.
/// </summary>
public static class AdjustedRandIndex
{
    /// <summary>Scores a clustering.</summary>
    /// <param name="labels">n cluster numbers, any integers.</param>
    /// <param name="classes">n class numbers, any integers.</param>
    /// <returns>The index; 1 where both are the same trivial partition (one cluster, or a cluster per point).</returns>
    /// <exception cref="ArgumentException">There are no points, or not as many classes as labels.</exception>
    public static double Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> classes) => Of(ContingencyTable.Of(labels, classes));

    internal static double Of(ContingencyTable table)
    {
        double n = table.Points;
        var (both, clusters, classes) = (Pairs(table.Counts), Pairs(table.ClusterSizes), Pairs(table.ClassSizes));
        if (both == clusters && both == classes)
            return 1;
        var expected = clusters / (n * (n - 1) / 2) * classes;
        return (both - expected) / ((clusters + classes) / 2 - expected);
    }

    private static double Pairs(double[] sizes)
    {
        var pairs = 0.0;
        foreach (var size in sizes)
            pairs += size * (size - 1) / 2;
        return pairs;
    }
}
