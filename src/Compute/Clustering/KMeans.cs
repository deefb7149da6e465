namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// K-means on the rows of a matrix: Lloyd's algorithm from k-means++ seeds (Arthur and Vassilvitskii 2007), restarted. The objective
/// is the sum of squared Euclidean distances to the centres.
/// </summary>
/// <remarks>
/// An empty cluster takes the point that is farthest from its own centre. A point at equal distance from two centres stays where it is.
/// A step costs n K d.
/// </remarks>
public sealed class KMeans : IClusterer
{
    private readonly ClusteringOptions _options;

    /// <summary>Makes the clusterer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public KMeans(ClusteringOptions options) => _options = options.Validated();

    /// <inheritdoc/>
    public ClusteringMethod Method => ClusteringMethod.KMeans;

    /// <inheritdoc/>
    public ClusteringResult Cluster(ReadOnlyMemory<double> matrix, int points)
    {
        Check(matrix.Span, points);
        var restarts = Restarts.Run(
            _options,
            () => new RowGeometry(matrix, points, _options.Clusters),
            (geometry, random) => Seeding.PlusPlus(geometry, _options.Clusters, random));
        return new ClusteringResult(Method, _options.Clusters, restarts);
    }

    /// <summary>One run from given labels, without restarts.</summary>
    /// <param name="matrix">n x d, row-major, finite.</param>
    /// <param name="points">n.</param>
    /// <param name="initialLabels">n labels in [0, K); a cluster may be empty.</param>
    /// <exception cref="ArgumentException">As <see cref="Cluster(ReadOnlyMemory{double}, int)"/>, or the labels do not fit.</exception>
    public ClusteringResult Cluster(ReadOnlyMemory<double> matrix, int points, ReadOnlySpan<int> initialLabels)
    {
        Check(matrix.Span, points);
        var geometry = new RowGeometry(matrix, points, _options.Clusters);
        return new ClusteringResult(Method, _options.Clusters, Restarts.From(_options, geometry, initialLabels));
    }

    private void Check(ReadOnlySpan<double> matrix, int points)
    {
        var columns = MatrixShape.ColumnsOf(matrix.Length, points);
        MatrixShape.RequireClusters(_options.Clusters, points);
        MatrixShape.RequireFinite(matrix, columns);
    }
}
