namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// Kernel K-means on a symmetric kernel, which may be indefinite (Dhillon, Guan and Kulis 2004), restarted. The objective is the sum
/// of squared distances to the centres in the kernel's feature space, sum_i K_ii - sum_c 1/|c| sum_ij K_ij, i and j over c.
/// </summary>
/// <remarks>
/// An empty cluster takes the point that is farthest from its own centre. A point at equal distance from two centres stays where it is.
/// With an indefinite kernel the objective may rise and labellings may repeat: a repeated labelling ends the restart
/// (<see cref="RestartEnding.Cycled"/>). The first step costs n^2, later ones n per point that moved.
/// </remarks>
public sealed class KernelKMeans : IClusterer
{
    private readonly ClusteringOptions _options;

    /// <summary>Makes the clusterer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public KernelKMeans(ClusteringOptions options) => _options = options.Validated();

    /// <inheritdoc/>
    public ClusteringMethod Method => ClusteringMethod.KernelKMeans;

    /// <inheritdoc/>
    public ClusteringResult Cluster(ReadOnlyMemory<double> matrix, int points)
    {
        Check(matrix.Span, points);
        var restarts = Restarts.Run(
            _options,
            () => new KernelGeometry(matrix, points, _options.Clusters),
            (geometry, random) => _options.KernelSeeding == KernelSeeding.PlusPlus
                ? Seeding.PlusPlus(geometry, _options.Clusters, random)
                : Seeding.RandomPartition(points, _options.Clusters, random));
        return new ClusteringResult(Method, _options.Clusters, restarts);
    }

    /// <summary>One run from given labels, without restarts.</summary>
    /// <param name="matrix">The kernel, n x n, row-major, finite, symmetric.</param>
    /// <param name="points">n.</param>
    /// <param name="initialLabels">n labels in [0, K); a cluster may be empty.</param>
    /// <exception cref="ArgumentException">As <see cref="Cluster(ReadOnlyMemory{double}, int)"/>, or the labels do not fit.</exception>
    public ClusteringResult Cluster(ReadOnlyMemory<double> matrix, int points, ReadOnlySpan<int> initialLabels)
    {
        Check(matrix.Span, points);
        var geometry = new KernelGeometry(matrix, points, _options.Clusters);
        return new ClusteringResult(Method, _options.Clusters, Restarts.From(_options, geometry, initialLabels));
    }

    private void Check(ReadOnlySpan<double> matrix, int points)
    {
        MatrixShape.RequireSymmetric(matrix, points);
        MatrixShape.RequireClusters(_options.Clusters, points);
    }
}
