using System.Collections.Immutable;

namespace ElasticityStream.Compute.Clustering;

/// <summary>The clustering with the best objective of all restarts, and the restarts.</summary>
public sealed class ClusteringResult
{
    internal ClusteringResult(ClusteringMethod method, int clusters, ImmutableArray<ClusteringRestart> restarts)
    {
        Method = method;
        Clusters = clusters;
        Restarts = restarts;
        for (var r = 1; r < restarts.Length; r++)
        {
            if (restarts[r].Objective < restarts[BestRestart].Objective)
                BestRestart = r;
        }
    }

    /// <summary>The method that made it.</summary>
    public ClusteringMethod Method { get; }

    /// <summary>K; every cluster holds at least one point.</summary>
    public int Clusters { get; }

    /// <summary>Every restart, in the order of their seeds.</summary>
    public ImmutableArray<ClusteringRestart> Restarts { get; }

    /// <summary>The index of the restart with the lowest objective, the first of equal ones.</summary>
    public int BestRestart { get; }

    /// <summary>The best restart's labels: n cluster numbers in [0, K).</summary>
    public ImmutableArray<int> Labels => Restarts[BestRestart].Labels;

    /// <summary>The best restart's within-cluster sum of squared distances (spectral: in the embedding).</summary>
    public double Objective => Restarts[BestRestart].Objective;

    /// <summary>The best restart's Lloyd steps.</summary>
    public int Iterations => Restarts[BestRestart].Iterations;

    /// <summary>The points of each cluster, K counts.</summary>
    public ImmutableArray<int> ClusterSizes
    {
        get
        {
            var sizes = new int[Clusters];
            foreach (var label in Labels)
                sizes[label]++;
            return [.. sizes];
        }
    }

    /// <summary>The scores of the best restart's labels.</summary>
    /// <param name="classes">n class numbers, any integers.</param>
    /// <exception cref="ArgumentException">There are not n classes.</exception>
    public ClusteringScores Score(ReadOnlySpan<int> classes) => ClusteringScores.Of(Labels.AsSpan(), classes);

    /// <summary>The accuracy that each restart would have had, had it been the only one.</summary>
    /// <param name="classes">n class numbers, any integers.</param>
    /// <returns>One <see cref="ClusteringAccuracy"/> per restart, in their order.</returns>
    /// <exception cref="ArgumentException">There are not n classes.</exception>
    public double[] RestartAccuracies(ReadOnlySpan<int> classes)
    {
        var accuracies = new double[Restarts.Length];
        for (var r = 0; r < accuracies.Length; r++)
            accuracies[r] = ClusteringAccuracy.Of(Restarts[r].Labels.AsSpan(), classes);
        return accuracies;
    }
}
