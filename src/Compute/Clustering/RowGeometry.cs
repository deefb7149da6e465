namespace ElasticityStream.Compute.Clustering;

/// <summary>Points given as the rows of an n x d matrix.</summary>
internal sealed class RowGeometry : ILloydGeometry
{
    private readonly ReadOnlyMemory<double> _rows;
    private readonly int _columns;
    private readonly double[] _centres;
    private readonly int[] _sizes;

    public RowGeometry(ReadOnlyMemory<double> rows, int points, int clusters)
    {
        _rows = rows;
        _columns = rows.Length / points;
        _centres = new double[(long)clusters * _columns];
        _sizes = new int[clusters];
        Points = points;
    }

    /// <inheritdoc/>
    public int Points { get; }

    /// <inheritdoc/>
    public double Measure(ReadOnlySpan<int> labels, Span<double> distances)
    {
        var rows = _rows.Span;
        MoveCentres(labels, rows);
        var objective = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var row = rows.Slice(i * _columns, _columns);
            var own = distances.Slice(i * _sizes.Length, _sizes.Length);
            for (var c = 0; c < own.Length; c++)
                own[c] = _sizes[c] == 0 ? double.PositiveInfinity : VectorArithmetic.SquaredDistance(row, Centre(c));
            objective += own[labels[i]];
        }

        return objective;
    }

    /// <inheritdoc/>
    public void DistancesTo(int point, Span<double> distances)
    {
        var rows = _rows.Span;
        var centre = rows.Slice(point * _columns, _columns);
        for (var i = 0; i < distances.Length; i++)
            distances[i] = VectorArithmetic.SquaredDistance(rows.Slice(i * _columns, _columns), centre);
    }

    private void MoveCentres(ReadOnlySpan<int> labels, ReadOnlySpan<double> rows)
    {
        Array.Clear(_sizes);
        Array.Clear(_centres);
        for (var i = 0; i < labels.Length; i++)
        {
            _sizes[labels[i]]++;
            VectorArithmetic.AddScaled(Centre(labels[i]), rows.Slice(i * _columns, _columns), 1);
        }

        for (var c = 0; c < _sizes.Length; c++)
            VectorArithmetic.Scale(Centre(c), 1.0 / Math.Max(1, _sizes[c]));
    }

    private Span<double> Centre(int cluster) => _centres.AsSpan(cluster * _columns, _columns);
}
