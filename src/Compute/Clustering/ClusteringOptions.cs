namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// What a clusterer is asked for. Equal options, seed and input give bit-identical results, whatever the degree of parallelism.
/// </summary>
public sealed record ClusteringOptions
{
    /// <summary>K, at least 1 and at most the number of points. Default 2.</summary>
    public int Clusters { get; init; } = 2;

    /// <summary>Independent starts, of which the one with the best objective is the result; at least 1. Default 20.</summary>
    public int Restarts { get; init; } = 20;

    /// <summary>Lloyd steps of one restart at most; at least 1. Default 100.</summary>
    public int MaximumIterations { get; init; } = 100;

    /// <summary>Seeds every draw; restart r draws from a stream of its own.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// Restarts that may run at the same time; at least 1. Default 1: the calling thread alone. Changes no bit of the result.
    /// </summary>
    public int DegreeOfParallelism { get; init; } = 1;

    /// <summary>The start of a restart of kernel K-means. Default <see cref="KernelSeeding.RandomPartition"/>.</summary>
    public KernelSeeding KernelSeeding { get; init; } = KernelSeeding.RandomPartition;

    /// <summary>
    /// Spectral clustering: neighbours per point in the graph, at least 1; more than there are other points means all of them. Default 5.
    /// </summary>
    public int Neighbours { get; init; } = 5;

    /// <summary>Spectral clustering: eigenvectors of the embedding, at least 1. Default null: as many as <see cref="Clusters"/>.</summary>
    public int? SpectralVectors { get; init; }

    /// <summary>These options, checked.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    internal ClusteringOptions Validated()
    {
        AtLeastOne(Clusters, nameof(Clusters));
        AtLeastOne(Restarts, nameof(Restarts));
        AtLeastOne(MaximumIterations, nameof(MaximumIterations));
        AtLeastOne(DegreeOfParallelism, nameof(DegreeOfParallelism));
        AtLeastOne(Neighbours, nameof(Neighbours));
        AtLeastOne(SpectralVectors ?? 1, nameof(SpectralVectors));
        RequireKnown(KernelSeeding);
        return this;
    }

    private static void RequireKnown(KernelSeeding seeding)
    {
        if (!Enum.IsDefined(seeding))
            throw new ArgumentOutOfRangeException(nameof(seeding), seeding, "is no kernel seeding.");
    }

    private static void AtLeastOne(int value, string name) => ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
}
