using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Similarity;

/// <summary>A similarity matrix seen from afar: its probes in some order, averaged in square cells.</summary>
/// <param name="PerCell">p: a cell is the mean over p x p pairs, over fewer in the last row and column.</param>
/// <param name="Side">How many cells a row has, and a column.</param>
/// <param name="Means">Side x Side, row-major.</param>
public sealed record SimilarityCells(int PerCell, int Side, double[] Means)
{
    /// <summary>Averages a matrix. One pass over it, row by row.</summary>
    /// <param name="order">The probe at each place, m of them.</param>
    /// <param name="mostSide">The most cells that a row may have.</param>
    /// <param name="row">Gives the row of a probe, with a value for every probe.</param>
    // It is called now and then, by somebody who waits for it: never often enough to be compiled well otherwise.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static SimilarityCells Of(ReadOnlySpan<int> order, int mostSide, Func<int, ReadOnlySpan<double>> row)
    {
        if (order.IsEmpty)
            throw new ArgumentException("There is no probe.", nameof(order));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mostSide);
        var size = order.Length;
        var perCell = ((size - 1) / mostSide) + 1;
        var side = ((size - 1) / perCell) + 1;
        var means = new double[side * side];
        for (var i = 0; i < size; i++)
        {
            var values = row(order[i]);
            var cells = means.AsSpan(i / perCell * side, side);
            for (var cell = 0; cell < side; cell++)
            {
                var sum = 0.0;
                foreach (var probe in order.Slice(cell * perCell, InCell(cell)))
                    sum += values[probe];
                cells[cell] += sum;
            }
        }

        for (var r = 0; r < side; r++)
        {
            for (var c = 0; c < side; c++)
                means[(r * side) + c] /= (double)InCell(r) * InCell(c);
        }

        return new SimilarityCells(perCell, side, means);

        int InCell(int cell) => Math.Min(perCell, size - (cell * perCell));
    }

    /// <summary>The cells of (S + S^T) / 2.</summary>
    public SimilarityCells Symmetrised() => this with { Means = SimilarityMatrix.Symmetrise(Means, Side) };

    /// <summary>The cells beside the diagonal, of which there is none where a row is one cell.</summary>
    public IEnumerable<double> OffDiagonal() => Means.Where((_, cell) => cell / Side != cell % Side);
}
