namespace ElasticityStream.Compute.Clustering;

/// <summary>The checks that every clusterer makes of its input.</summary>
internal static class MatrixShape
{
    /// <summary>Entries (i, j) and (j, i) may differ by this fraction of the largest entry.</summary>
    private const double SymmetryTolerance = 1e-9;

    /// <summary>d of an n x d matrix.</summary>
    public static int ColumnsOf(int values, int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        return values > 0 && values % points == 0
            ? values / points
            : throw new ArgumentException($"{values} values are not {points} rows of equal, positive length.", nameof(values));
    }

    /// <summary>Refuses more clusters than points.</summary>
    public static void RequireClusters(int clusters, int points)
    {
        if (clusters > points)
            throw new ArgumentException(
                $"{clusters} clusters were asked for, but there are only {points} points; ask for at most {points}.",
                nameof(clusters));
    }

    /// <summary>Refuses NaN and infinities.</summary>
    public static void RequireFinite(ReadOnlySpan<double> matrix, int columns)
    {
        for (var k = 0; k < matrix.Length; k++)
        {
            if (!double.IsFinite(matrix[k]))
                throw new ArgumentException(
                    $"The entry in row {k / columns}, column {k % columns} is {matrix[k]}; every entry must be finite.",
                    nameof(matrix));
        }
    }

    /// <summary>Refuses whatever is not n x n, finite and symmetric.</summary>
    public static void RequireSymmetric(ReadOnlySpan<double> matrix, int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        if (matrix.Length != (long)points * points)
            throw new ArgumentException($"{matrix.Length} values are not a {points} x {points} matrix.", nameof(matrix));
        RequireFinite(matrix, points);
        var largest = 0.0;
        foreach (var value in matrix)
            largest = Math.Max(largest, Math.Abs(value));
        for (var i = 0; i < points; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (below, above) = (matrix[i * points + j], matrix[j * points + i]);
                if (Math.Abs(below - above) > SymmetryTolerance * largest)
                    throw new ArgumentException(
                        $"Entries ({i}, {j}) = {below} and ({j}, {i}) = {above} differ; symmetrise the matrix first, (S + S^T) / 2.",
                        nameof(matrix));
            }
        }
    }
}
