namespace ElasticityStream.Compute.Clustering;

/// <summary>The first labels of a restart.</summary>
internal static class Seeding
{
    /// <summary>
    /// k-means++ (Arthur and Vassilvitskii 2007): the first seed uniform, each further one with probability proportional to its squared
    /// distance to the nearest seed so far; every point then joins its nearest seed. Where all points lie on a seed, one that is none is
    /// drawn.
    /// </summary>
    public static int[] PlusPlus(ILloydGeometry geometry, int clusters, SeededRandom random)
    {
        var n = geometry.Points;
        var labels = new int[n];
        var nearest = new double[n];
        var toSeed = new double[n];
        var isSeed = new bool[n];
        for (var c = 0; c < clusters; c++)
        {
            var seed = c == 0 ? random.NextInt32(n) : Draw(nearest, isSeed, n - c, random);
            isSeed[seed] = true;
            geometry.DistancesTo(seed, toSeed);
            for (var i = 0; i < n; i++)
            {
                if (c > 0 && toSeed[i] >= nearest[i] && i != seed)
                    continue;
                nearest[i] = toSeed[i];
                labels[i] = c;
            }
        }

        return labels;
    }

    /// <summary>Clusters whose sizes differ by at most one, drawn at random.</summary>
    public static int[] RandomPartition(int points, int clusters, SeededRandom random)
    {
        var labels = new int[points];
        for (var i = 0; i < points; i++)
            labels[i] = i % clusters;
        random.Shuffle<int>(labels);
        return labels;
    }

    private static int Draw(double[] distances, bool[] isSeed, int others, SeededRandom random)
    {
        // An indefinite kernel has negative squared distances.
        var total = 0.0;
        for (var i = 0; i < distances.Length; i++)
            total += isSeed[i] ? 0 : Math.Max(0, distances[i]);
        var uniform = !(total > 0) || !double.IsFinite(total);
        var left = uniform ? random.NextInt32(others) : random.NextDouble() * total;
        var last = -1;
        for (var i = 0; i < distances.Length; i++)
        {
            if (isSeed[i])
                continue;
            var weight = uniform ? 1 : Math.Max(0, distances[i]);
            if (weight > 0)
                last = i;
            left -= weight;
            if (left < 0 && weight > 0)
                return i;
        }

        // The subtractions rounded to just above zero.
        return last;
    }
}
