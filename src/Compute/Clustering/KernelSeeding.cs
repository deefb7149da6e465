namespace ElasticityStream.Compute.Clustering;

/// <summary>Where a restart of kernel K-means begins.</summary>
public enum KernelSeeding
{
    /// <summary>Clusters of equal size (up to one) drawn at random: the start of He &amp; Su's experiments, made never empty.</summary>
    RandomPartition,

    /// <summary>
    /// k-means++ (Arthur and Vassilvitskii 2007) with distances in the kernel's feature space; a negative squared distance counts as 0.
    /// </summary>
    PlusPlus,
}
