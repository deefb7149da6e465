namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// The mutual information of clusters and classes over the arithmetic mean of their entropies (Strehl and Ghosh 2002, with the
/// normalisation that scikit-learn takes by default).
/// </summary>
public static class NormalisedMutualInformation
{
    /// <summary>Scores a clustering.</summary>
    /// <param name="labels">n cluster numbers, any integers.</param>
    /// <param name="classes">n class numbers, any integers.</param>
    /// <returns>In [0, 1]; 1 for equal partitions, also where both have one part only.</returns>
    /// <exception cref="ArgumentException">There are no points, or not as many classes as labels.</exception>
    public static double Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> classes) => Of(ContingencyTable.Of(labels, classes));

    internal static double Of(ContingencyTable table)
    {
        var (ofClusters, ofClasses) = (Entropy(table.ClusterSizes, table.Points), Entropy(table.ClassSizes, table.Points));
        var mean = (ofClusters + ofClasses) / 2;
        return mean == 0 ? 1 : Math.Clamp((ofClusters + ofClasses - Entropy(table.Counts, table.Points)) / mean, 0, 1);
    }

    private static double Entropy(double[] sizes, int points)
    {
        var entropy = 0.0;
        foreach (var size in sizes)
            entropy -= size == 0 ? 0 : size / points * Math.Log(size / points);
        return entropy;
    }
}
