namespace ElasticityStream.Compute.Clustering;

/// <summary>How points are clustered.</summary>
public enum ClusteringMethod
{
    /// <summary>Lloyd's K-means on the rows of a matrix (<see cref="Clustering.KMeans"/>).</summary>
    KMeans,

    /// <summary>Kernel K-means on a symmetric kernel (<see cref="Clustering.KernelKMeans"/>).</summary>
    KernelKMeans,

    /// <summary>Spectral clustering on the nearest-neighbour graph of a symmetric similarity (<see cref="SpectralClustering"/>).</summary>
    Spectral,

    /// <summary>As <see cref="Spectral"/>, on S_ij / sqrt(S_ii S_jj) (<see cref="SimilarityNormalisation"/>).</summary>
    SpectralNormalized,
}
