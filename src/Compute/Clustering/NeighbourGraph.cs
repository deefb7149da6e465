namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// The k-nearest-neighbour graph of a similarity: i and j are joined by an edge of weight 1 where either is among the k points most similar
/// to the other. Weights of 1 let similarities be negative, which a Laplacian of similarities does not.
/// </summary>
internal sealed class NeighbourGraph
{
    private readonly int[] _starts;
    private readonly int[] _ends;
    private readonly double[] _scales;

    private NeighbourGraph(int[] starts, int[] ends)
    {
        _starts = starts;
        _ends = ends;
        _scales = new double[starts.Length - 1];
        for (var i = 0; i < _scales.Length; i++)
        {
            var degree = starts[i + 1] - starts[i];
            _scales[i] = degree == 0 ? 0 : 1 / Math.Sqrt(degree);
        }
    }

    /// <summary>n.</summary>
    public int Points => _scales.Length;

    /// <summary>The points joined to one, ascending.</summary>
    public ReadOnlySpan<int> NeighboursOf(int point) => _ends.AsSpan(_starts[point].._starts[point + 1]);

    /// <summary>Joins every point to its neighbours; of equally similar ones those of lower index are taken.</summary>
    /// <param name="similarity">n x n, row-major; the diagonal is not looked at.</param>
    /// <param name="points">n.</param>
    /// <param name="neighbours">k; more than n - 1 means n - 1.</param>
    public static NeighbourGraph Of(ReadOnlySpan<double> similarity, int points, int neighbours)
    {
        var joined = new SortedSet<int>[points];
        for (var i = 0; i < points; i++)
            joined[i] = [];
        var nearest = new int[Math.Min(neighbours, points - 1)];
        for (var i = 0; i < points; i++)
        {
            MostSimilar(similarity.Slice(i * points, points), i, nearest);
            foreach (var j in nearest)
            {
                joined[i].Add(j);
                joined[j].Add(i);
            }
        }

        var starts = new int[points + 1];
        for (var i = 0; i < points; i++)
            starts[i + 1] = starts[i] + joined[i].Count;
        return new NeighbourGraph(starts, [.. joined.SelectMany(ends => ends)]);
    }

    /// <summary>
    /// result = D^-1/2 A D^-1/2 x, with A the adjacency and D the degrees: the identity minus the normalised Laplacian, eigenvalues in
    /// [-1, 1].
    /// </summary>
    /// <param name="x">n values.</param>
    /// <param name="result">Receives n values; not the memory of <paramref name="x"/>.</param>
    public void MultiplyNormalisedAdjacency(ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < _scales.Length; i++)
        {
            var sum = 0.0;
            foreach (var j in NeighboursOf(i))
                sum += _scales[j] * x[j];
            result[i] = _scales[i] * sum;
        }
    }

    private static void MostSimilar(ReadOnlySpan<double> row, int self, Span<int> nearest)
    {
        var found = 0;
        for (var j = 0; j < row.Length; j++)
        {
            if (j == self || (found == nearest.Length && (found == 0 || row[j] <= row[nearest[^1]])))
                continue;
            var place = found < nearest.Length ? found++ : found - 1;
            for (; place > 0 && row[j] > row[nearest[place - 1]]; place--)
                nearest[place] = nearest[place - 1];
            nearest[place] = j;
        }
    }
}
