namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// Points known only by their kernel K: the squared distance of i to the mean of cluster c is
/// K_ii - 2/|c| sum_j K_ij + 1/|c|^2 sum_jk K_jk, j and k over c (Dhillon, Guan and Kulis 2004).
/// </summary>
/// <remarks>
/// Keeps sum_j K_ij per cluster and corrects it by the rows of the points that moved: late steps, which move few, cost next to nothing.
/// </remarks>
internal sealed class KernelGeometry : ILloydGeometry
{
    private readonly ReadOnlyMemory<double> _kernel;
    private readonly int _clusters;
    private readonly double[] _sums;
    private readonly int[] _summed;
    private readonly int[] _sizes;

    public KernelGeometry(ReadOnlyMemory<double> kernel, int points, int clusters)
    {
        _kernel = kernel;
        _clusters = clusters;
        _sums = new double[(long)clusters * points];
        _summed = new int[points];
        _sizes = new int[clusters];
        Array.Fill(_summed, -1);
        Points = points;
    }

    /// <inheritdoc/>
    public int Points { get; }

    /// <inheritdoc/>
    public double Measure(ReadOnlySpan<int> labels, Span<double> distances)
    {
        var kernel = _kernel.Span;
        Sum(labels, kernel);
        Span<double> within = new double[_clusters];
        for (var i = 0; i < labels.Length; i++)
            within[labels[i]] += _sums[labels[i] * Points + i];

        var objective = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var self = kernel[i * Points + i];
            var own = distances.Slice(i * _clusters, _clusters);
            for (var c = 0; c < own.Length; c++)
            {
                double size = _sizes[c];
                own[c] = _sizes[c] == 0 ? double.PositiveInfinity : self - (2 * _sums[c * Points + i] - within[c] / size) / size;
            }

            objective += own[labels[i]];
        }

        return objective;
    }

    /// <inheritdoc/>
    public void DistancesTo(int point, Span<double> distances)
    {
        var kernel = _kernel.Span;
        var row = kernel.Slice(point * Points, Points);
        for (var i = 0; i < distances.Length; i++)
            distances[i] = kernel[i * Points + i] - 2 * row[i] + row[point];
    }

    private void Sum(ReadOnlySpan<int> labels, ReadOnlySpan<double> kernel)
    {
        var moved = 0;
        for (var i = 0; i < labels.Length; i++)
            moved += labels[i] == _summed[i] ? 0 : 1;

        // A point that moves costs two rows, a fresh sum one row per point, and a fresh sum carries no rounding from earlier steps.
        if (2 * moved >= labels.Length)
        {
            Array.Clear(_sums);
            Array.Clear(_sizes);
            Array.Fill(_summed, -1);
        }

        for (var i = 0; i < labels.Length; i++)
        {
            var (from, to) = (_summed[i], labels[i]);
            if (from == to)
                continue;
            var row = kernel.Slice(i * Points, Points);
            if (from >= 0)
            {
                VectorArithmetic.AddScaled(_sums.AsSpan(from * Points, Points), row, -1);
                _sizes[from]--;
            }

            VectorArithmetic.AddScaled(_sums.AsSpan(to * Points, Points), row, 1);
            _sizes[to]++;
            _summed[i] = to;
        }
    }
}
