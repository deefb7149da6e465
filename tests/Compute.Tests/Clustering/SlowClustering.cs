namespace ElasticityStream.Compute.Tests.Clustering;

/// <summary>Clustering written down as its definitions say, in plain loops: what the fast code is held against.</summary>
internal static class SlowClustering
{
    /// <summary>x.x' of all rows, one product at a time.</summary>
    public static double[] LinearKernel(double[] rows, int points)
    {
        var d = rows.Length / points;
        var kernel = new double[points * points];
        for (var i = 0; i < points; i++)
        {
            for (var j = 0; j < points; j++)
            {
                for (var k = 0; k < d; k++)
                    kernel[i * points + j] += rows[i * d + k] * rows[j * d + k];
            }
        }

        return kernel;
    }

    /// <summary>The squared distance of a point to a cluster's mean in the kernel's feature space; infinite for an empty cluster.</summary>
    public static double Distance(double[] kernel, IReadOnlyList<int> labels, int point, int cluster)
    {
        var n = labels.Count;
        var members = Enumerable.Range(0, n).Where(i => labels[i] == cluster).ToArray();
        if (members.Length == 0)
            return double.PositiveInfinity;
        return kernel[point * n + point]
            - 2 * members.Sum(j => kernel[point * n + j]) / members.Length
            + members.Sum(j => members.Sum(k => kernel[j * n + k])) / members.Length / members.Length;
    }

    /// <summary>The sum of the squared distances to the own clusters' means.</summary>
    public static double Objective(double[] kernel, IReadOnlyList<int> labels) =>
        Enumerable.Range(0, labels.Count).Sum(i => Distance(kernel, labels, i, labels[i]));

    /// <summary>
    /// Lloyd's algorithm by definition, with the smallest gap between the two best choices of any decision: below about 1e-9 rounding may
    /// decide, and another summation order is entitled to other labels.
    /// </summary>
    public static (int[] Labels, double Margin) Lloyd(double[] kernel, int clusters, int[] initial, int maximumIterations)
    {
        var labels = (int[])initial.Clone();
        var margin = double.PositiveInfinity;
        for (var iteration = 0; iteration < maximumIterations; iteration++)
        {
            var distances = Enumerable.Range(0, labels.Length)
                .Select(i => Enumerable.Range(0, clusters).Select(c => Distance(kernel, labels, i, c)).ToArray())
                .ToArray();
            var next = distances.Select(row => Array.IndexOf(row, row.Min())).ToArray();
            foreach (var row in distances.Where(row => row.Length > 1))
                margin = Math.Min(margin, Gap(row));
            for (var c = 0; c < clusters; c++)
            {
                if (next.Contains(c))
                    continue;
                var candidates = Enumerable.Range(0, next.Length).Where(i => next.Count(label => label == next[i]) > 1).ToArray();
                var own = candidates.Select(i => -distances[i][next[i]]).ToArray();
                if (own.Length > 1)
                    margin = Math.Min(margin, Gap(own));
                next[candidates[Array.IndexOf(own, own.Min())]] = c;
            }

            if (next.SequenceEqual(labels))
                break;
            labels = next;
        }

        return (labels, margin);
    }

    private static double Gap(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[1] - sorted[0];
    }
}
