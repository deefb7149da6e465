namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>Slices and distances of row-major arrays.</summary>
internal static class Arrays
{
    public static ReadOnlySpan<double> Row(double[] matrix, int row, int columns) => matrix.AsSpan(row * columns, columns);

    public static double[] Rows(double[] matrix, IEnumerable<long> rows, int columns) =>
        [.. rows.SelectMany(r => matrix.AsSpan((int)r * columns, columns).ToArray())];

    /// <summary>|actual - expected| / |expected|, Euclidean.</summary>
    public static double RelativeError(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        double error = 0, norm = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }

        return norm > 0 ? Math.Sqrt(error / norm) : Math.Sqrt(error);
    }
}
