using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ElasticityStream.Compute.Clustering;

/// <summary>Independent restarts, each with a random stream and sums of its own, so that the number of threads changes no bit.</summary>
internal static class Restarts
{
    /// <summary>Tells the draws of clustering from those of other purposes under the same seed; restart r adds r.</summary>
    private const long FirstStream = 0x636C_7573_7465_7200;

    /// <summary>Runs all restarts.</summary>
    /// <param name="options">Validated.</param>
    /// <param name="geometry">Makes the geometry of one restart.</param>
    /// <param name="seeding">Draws the first labels of one restart.</param>
    public static ImmutableArray<ClusteringRestart> Run(
        ClusteringOptions options,
        Func<ILloydGeometry> geometry,
        Func<ILloydGeometry, SeededRandom, int[]> seeding)
    {
        var restarts = new ClusteringRestart[options.Restarts];
        if (options.DegreeOfParallelism == 1)
        {
            for (var r = 0; r < restarts.Length; r++)
                restarts[r] = One(r);
        }
        else
        {
            var threads = new ParallelOptions { MaxDegreeOfParallelism = options.DegreeOfParallelism };
            Parallel.For(0, restarts.Length, threads, r => restarts[r] = One(r));
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(restarts);

        ClusteringRestart One(int restart)
        {
            var points = geometry();
            var labels = seeding(points, new SeededRandom(options.Seed, FirstStream + restart));
            return Lloyd.Run(points, options.Clusters, labels, options.MaximumIterations, []);
        }
    }

    /// <summary>Runs once from given labels.</summary>
    /// <exception cref="ArgumentException">There are not n labels, or one is outside [0, K).</exception>
    public static ImmutableArray<ClusteringRestart> From(
        ClusteringOptions options,
        ILloydGeometry geometry,
        ReadOnlySpan<int> initialLabels)
    {
        if (initialLabels.Length != geometry.Points)
            throw new ArgumentException(
                $"There are {initialLabels.Length} initial labels for {geometry.Points} points.",
                nameof(initialLabels));
        for (var i = 0; i < initialLabels.Length; i++)
        {
            if ((uint)initialLabels[i] >= (uint)options.Clusters)
                throw new ArgumentException(
                    $"Initial label {initialLabels[i]} of point {i} is outside [0, {options.Clusters}).",
                    nameof(initialLabels));
        }

        return [Lloyd.Run(geometry, options.Clusters, initialLabels.ToArray(), options.MaximumIterations, [])];
    }
}
