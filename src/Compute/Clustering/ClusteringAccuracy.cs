namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// The fraction of points whose cluster is matched to their class, under the best one-to-one matching of clusters to classes.
/// </summary>
public static class ClusteringAccuracy
{
    /// <summary>Scores a clustering.</summary>
    /// <param name="labels">n cluster numbers, any integers.</param>
    /// <param name="classes">n class numbers, any integers.</param>
    /// <returns>In (0, 1]. The numbers of clusters and classes may differ; the points of a cluster that is left without a class count as
    /// wrong.</returns>
    /// <exception cref="ArgumentException">There are no points, or not as many classes as labels.</exception>
    public static double Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> classes) => Of(ContingencyTable.Of(labels, classes));

    internal static double Of(ContingencyTable table)
    {
        var columns = table.ClassNumbers.Length;
        var columnOf = OptimalAssignment.Maximum(table.Counts, table.ClusterNumbers.Length, columns);
        var matched = 0.0;
        for (var row = 0; row < columnOf.Length; row++)
            matched += columnOf[row] < 0 ? 0 : table.Counts[row * columns + columnOf[row]];
        return matched / table.Points;
    }
}
