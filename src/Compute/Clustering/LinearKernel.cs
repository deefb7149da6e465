namespace ElasticityStream.Compute.Clustering;

/// <summary>The kernel x.x' of raw features, on which a similarity's clustering is controlled.</summary>
public static class LinearKernel
{
    /// <summary>All products of two rows.</summary>
    /// <param name="rows">n x d, row-major.</param>
    /// <param name="points">n.</param>
    /// <returns>n x n, row-major, exactly symmetric.</returns>
    /// <exception cref="ArgumentException">The values are not n rows of equal length.</exception>
    public static double[] Of(ReadOnlySpan<double> rows, int points)
    {
        var d = MatrixShape.ColumnsOf(rows.Length, points);
        var kernel = new double[(long)points * points];
        Span<double> four = stackalloc double[4];
        for (var i = 0; i < points; i++)
        {
            var row = rows.Slice(i * d, d);
            var j = i;
            for (; j <= points - 4; j += 4)
            {
                VectorArithmetic.FourDots(row, rows.Slice(j * d, 4 * d), four);
                for (var k = 0; k < 4; k++)
                    kernel[i * points + j + k] = kernel[(j + k) * points + i] = four[k];
            }

            for (; j < points; j++)
                kernel[i * points + j] = kernel[j * points + i] = VectorArithmetic.Dot(row, rows.Slice(j * d, d));
        }

        return kernel;
    }
}
