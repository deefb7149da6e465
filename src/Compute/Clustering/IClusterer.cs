namespace ElasticityStream.Compute.Clustering;

/// <summary>Groups n points into K clusters. Implementations hold no state between calls and may be called from several threads.</summary>
public interface IClusterer
{
    /// <summary>The method, as a study names it.</summary>
    ClusteringMethod Method { get; }

    /// <summary>Clusters the points of a matrix.</summary>
    /// <param name="matrix">Row-major, finite. K-means: n x d, a point per row. The other methods: n x n, symmetric, entry (i, j) the
    /// similarity of points i and j.</param>
    /// <param name="points">n, at least <see cref="ClusteringOptions.Clusters"/>.</param>
    /// <returns>The restart with the best objective, and every restart.</returns>
    /// <exception cref="ArgumentException">The matrix has another shape, is not symmetric, holds a value that is not finite, or there are
    /// fewer points than clusters.</exception>
    ClusteringResult Cluster(ReadOnlyMemory<double> matrix, int points);
}
