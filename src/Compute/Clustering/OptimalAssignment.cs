namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// The one-to-one assignment of rows to columns with the largest total weight (Kuhn 1955, in the shortest-augmenting-path form of Jonker
/// and Volgenant 1987).
/// </summary>
public static class OptimalAssignment
{
    /// <summary>Assigns as many rows as there can be.</summary>
    /// <param name="weights">rows x columns, row-major, finite.</param>
    /// <param name="rows">At least 0.</param>
    /// <param name="columns">At least 0.</param>
    /// <returns>For each row its column, or -1 for the rows left over where there are more rows than columns.</returns>
    /// <exception cref="ArgumentException">There are not rows x columns weights, or one is not finite.</exception>
    /// <remarks>Costs min(rows, columns)^2 x max(rows, columns).</remarks>
    public static int[] Maximum(ReadOnlySpan<double> weights, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (weights.Length != (long)rows * columns)
            throw new ArgumentException($"{weights.Length} weights are not a {rows} x {columns} matrix.", nameof(weights));
        if (weights.Length > 0)
            MatrixShape.RequireFinite(weights, columns);

        if (rows <= columns)
            return MinimumCost(weights, rows, columns, rowStride: columns, columnStride: 1);
        var rowOf = MinimumCost(weights, columns, rows, rowStride: 1, columnStride: columns);
        var columnOf = new int[rows];
        Array.Fill(columnOf, -1);
        for (var column = 0; column < columns; column++)
            columnOf[rowOf[column]] = column;
        return columnOf;
    }

    /// <summary>Minimises the negated weights; rows are at most columns. Index 0 of the working arrays is a sentinel column.</summary>
    private static int[] MinimumCost(ReadOnlySpan<double> weights, int rows, int columns, int rowStride, int columnStride)
    {
        var rowPotential = new double[rows + 1];
        var columnPotential = new double[columns + 1];
        var rowOf = new int[columns + 1];
        var previous = new int[columns + 1];
        for (var row = 1; row <= rows; row++)
        {
            var slack = new double[columns + 1];
            Array.Fill(slack, double.PositiveInfinity);
            var done = new bool[columns + 1];
            rowOf[0] = row;
            var column = 0;
            while (rowOf[column] != 0)
            {
                done[column] = true;
                var (from, delta, next) = (rowOf[column], double.PositiveInfinity, 0);
                for (var c = 1; c <= columns; c++)
                {
                    if (done[c])
                        continue;
                    var reduced = -weights[(from - 1) * rowStride + (c - 1) * columnStride] - rowPotential[from] - columnPotential[c];
                    if (reduced < slack[c])
                        (slack[c], previous[c]) = (reduced, column);
                    if (slack[c] < delta)
                        (delta, next) = (slack[c], c);
                }

                for (var c = 0; c <= columns; c++)
                {
                    if (done[c])
                    {
                        rowPotential[rowOf[c]] += delta;
                        columnPotential[c] -= delta;
                    }
                    else
                    {
                        slack[c] -= delta;
                    }
                }

                column = next;
            }

            for (; column != 0; column = previous[column])
                rowOf[column] = rowOf[previous[column]];
        }

        var columnOf = new int[rows];
        for (var c = 1; c <= columns; c++)
        {
            if (rowOf[c] != 0)
                columnOf[rowOf[c] - 1] = c - 1;
        }

        return columnOf;
    }
}
