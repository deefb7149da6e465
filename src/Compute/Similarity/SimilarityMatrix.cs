namespace ElasticityStream.Compute.Similarity;

/// <summary>
/// The matrix S of one measure over n probes, filled row by row: row i is the similarity of every probe to probe i, seen by steps
/// at probe i. A row that was never measured holds nothing that leaves this class.
/// </summary>
public sealed class SimilarityMatrix
{
    private readonly double[] _values;
    private readonly long[] _counts;
    private readonly RowUpdate _update;
    private readonly double _ewmaWeight;

    /// <summary>Creates an empty matrix.</summary>
    /// <param name="probes">n.</param>
    /// <param name="update">What a row becomes when it is measured again.</param>
    /// <param name="ewmaWeight">The weight of the newest row, in (0, 1]; used by <see cref="RowUpdate.Ewma"/> only.</param>
    public SimilarityMatrix(int probes, RowUpdate update = RowUpdate.Latest, double ewmaWeight = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(probes);
        if (!(ewmaWeight > 0 && ewmaWeight <= 1))
            throw new ArgumentOutOfRangeException(nameof(ewmaWeight), ewmaWeight, "In (0, 1].");
        Probes = probes;
        _update = update;
        _ewmaWeight = ewmaWeight;
        _values = new double[(long)probes * probes];
        _counts = new long[probes];
    }

    /// <summary>n.</summary>
    public int Probes { get; }

    /// <summary>How often each row was measured.</summary>
    public IReadOnlyList<long> RowCounts => _counts;

    /// <summary>The probes whose row was measured at least once, ascending.</summary>
    public int[] MeasuredProbes() => [.. Enumerable.Range(0, Probes).Where(i => _counts[i] > 0)];

    /// <summary>Row i as it stands.</summary>
    /// <exception cref="InvalidOperationException">The row was never measured.</exception>
    public ReadOnlySpan<double> Row(int i) => _counts[i] > 0
        ? _values.AsSpan(i * Probes, Probes)
        : throw new InvalidOperationException($"Row {i} was never measured.");

    /// <summary>Takes a newly measured row.</summary>
    /// <param name="i">The probe that was trained on.</param>
    /// <param name="row">n finite values.</param>
    public void Update(int i, ReadOnlySpan<double> row)
    {
        var stored = _values.AsSpan(i * Probes, Probes);
        var count = ++_counts[i];
        if (count == 1 || _update == RowUpdate.Latest)
        {
            row.CopyTo(stored);
            return;
        }

        var weight = _update == RowUpdate.Mean ? 1.0 / count : _ewmaWeight;
        for (var j = 0; j < stored.Length; j++)
            stored[j] += weight * (row[j] - stored[j]);
    }

    /// <summary>Copies the values, n x n, and how often each row was measured.</summary>
    public (double[] Values, long[] Counts) Copy() => ([.. _values], [.. _counts]);

    /// <summary>Goes on from what <see cref="Copy"/> gave.</summary>
    /// <exception cref="ArgumentException">The arrays are of another number of probes.</exception>
    public void Restore(ReadOnlySpan<double> values, ReadOnlySpan<long> counts)
    {
        if (values.Length != _values.Length || counts.Length != Probes)
            throw new ArgumentException($"A similarity of {counts.Length} probes and {values.Length} values is none of {Probes} probes.", nameof(values));
        values.CopyTo(_values);
        counts.CopyTo(_counts);
    }

    /// <summary>The m x m part of S over some probes, row-major, as measured.</summary>
    /// <param name="probes">Measured probes.</param>
    public double[] Submatrix(ReadOnlySpan<int> probes)
    {
        var part = new double[(long)probes.Length * probes.Length];
        for (var i = 0; i < probes.Length; i++)
        {
            var row = Row(probes[i]);
            for (var j = 0; j < probes.Length; j++)
                part[(i * probes.Length) + j] = row[probes[j]];
        }

        return part;
    }

    /// <summary>(S + S^T) / 2 of an m x m matrix.</summary>
    public static double[] Symmetrise(ReadOnlySpan<double> matrix, int size)
    {
        var result = new double[matrix.Length];
        for (var i = 0; i < size; i++)
        {
            for (var j = i; j < size; j++)
                result[(i * size) + j] = result[(j * size) + i] = 0.5 * (matrix[(i * size) + j] + matrix[(j * size) + i]);
        }

        return result;
    }
}
