namespace ElasticityStream.Compute.Clustering;

/// <summary>The clusterer of each method, and its control.</summary>
public static class Clusterer
{
    /// <summary>Makes the clusterer of a method.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or the method is unknown.</exception>
    public static IClusterer Create(ClusteringMethod method, ClusteringOptions options) => method switch
    {
        ClusteringMethod.KMeans => new KMeans(options),
        ClusteringMethod.KernelKMeans => new KernelKMeans(options),
        ClusteringMethod.Spectral => new SpectralClustering(options, normalise: false),
        ClusteringMethod.SpectralNormalized => new SpectralClustering(options, normalise: true),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "is no clustering method."),
    };

    /// <summary>
    /// The control that every clustering of a similarity is shown beside: the same clusterer on the raw features. K-means takes their rows,
    /// the methods that need a similarity take x.x' (<see cref="LinearKernel"/>).
    /// </summary>
    /// <param name="clusterer">The clusterer that was given the similarity.</param>
    /// <param name="features">n x d, row-major, finite.</param>
    /// <param name="points">n.</param>
    /// <exception cref="ArgumentException">As <see cref="IClusterer.Cluster"/>.</exception>
    public static ClusteringResult ClusterFeatures(this IClusterer clusterer, ReadOnlyMemory<double> features, int points) =>
        clusterer.Method == ClusteringMethod.KMeans
            ? clusterer.Cluster(features, points)
            : clusterer.Cluster(LinearKernel.Of(features.Span, points), points);
}
