using System.Collections.Immutable;

namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// Lloyd's algorithm from given labels: every point moves to the nearest centre, until nothing moves, a labelling comes back, or the limit.
/// </summary>
/// <remarks>
/// A point moves only to a strictly nearer centre, so that equal distances (duplicate points) cannot keep it going. A cluster that
/// would be empty takes the point that is farthest from its own centre, of those that are not alone in their cluster, the first of
/// equally far ones; with a Euclidean geometry this lowers the objective.
/// </remarks>
internal static class Lloyd
{
    /// <summary>Runs to the end.</summary>
    /// <param name="geometry">The points.</param>
    /// <param name="clusters">K, at most n.</param>
    /// <param name="initial">n labels in [0, K).</param>
    /// <param name="maximumIterations">Steps at most.</param>
    /// <param name="objectives">Receives the objective of every labelling visited, in order, the initial one first.</param>
    public static ClusteringRestart Run(
        ILloydGeometry geometry,
        int clusters,
        int[] initial,
        int maximumIterations,
        List<double> objectives)
    {
        var visited = new List<int[]> { initial };
        var distances = new double[(long)geometry.Points * clusters];
        for (var iteration = 1; iteration <= maximumIterations; iteration++)
        {
            var labels = visited[^1];
            objectives.Add(geometry.Measure(labels, distances));
            var next = Nearest(labels, distances, clusters);
            FillEmptyClusters(next, distances, clusters);
            if (next.AsSpan().SequenceEqual(labels))
                return new ClusteringRestart(objectives[^1], iteration, RestartEnding.Converged, [.. labels]);

            // At most a hundred labellings or so: comparing them all costs less than one step.
            var earlier = visited.FindIndex(seen => next.AsSpan().SequenceEqual(seen));
            if (earlier >= 0)
                return BestOf(visited, objectives, earlier, iteration, RestartEnding.Cycled);
            visited.Add(next);
        }

        objectives.Add(geometry.Measure(visited[^1], distances));

        // Labels given by a caller may leave a cluster empty; those made here never do.
        return BestOf(visited, objectives, first: 1, maximumIterations, RestartEnding.Limit);
    }

    private static ClusteringRestart BestOf(List<int[]> visited, List<double> objectives, int first, int iterations, RestartEnding ending)
    {
        var best = first;
        for (var v = first + 1; v < visited.Count; v++)
        {
            if (objectives[v] < objectives[best])
                best = v;
        }

        return new ClusteringRestart(objectives[best], iterations, ending, ImmutableArray.Create(visited[best]));
    }

    private static int[] Nearest(int[] labels, double[] distances, int clusters)
    {
        var next = new int[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var row = distances.AsSpan(i * clusters, clusters);
            var nearest = labels[i];
            for (var c = 0; c < clusters; c++)
            {
                if (row[c] < row[nearest])
                    nearest = c;
            }

            next[i] = nearest;
        }

        return next;
    }

    private static void FillEmptyClusters(int[] labels, double[] distances, int clusters)
    {
        var sizes = new int[clusters];
        foreach (var label in labels)
            sizes[label]++;
        for (var empty = Array.IndexOf(sizes, 0); empty >= 0; empty = Array.IndexOf(sizes, 0))
        {
            var farthest = -1;
            for (var i = 0; i < labels.Length; i++)
            {
                if (sizes[labels[i]] > 1 && (farthest < 0 || OwnDistance(i) > OwnDistance(farthest)))
                    farthest = i;
            }

            sizes[labels[farthest]]--;
            sizes[empty]++;
            labels[farthest] = empty;
        }

        double OwnDistance(int i) => distances[i * clusters + labels[i]];
    }
}
