using CsCheck;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Compute.Tests.Similarity;

public sealed class SimilarityCellsTests
{
    private static readonly Gen<(double[] Values, int[] Order, int MostSide)> Matrices =
        from size in Gen.Int[1, 12]
        from values in Gen.Double[-1, 1].Array[size * size]
        from order in Gen.Shuffle(Enumerable.Range(0, size).ToArray())
        from probes in Gen.Int[1, size]
        from mostSide in Gen.Int[1, 14]
        select (values, order[..probes], mostSide);

    [Fact]
    public void Cell_is_the_mean_of_its_pairs_in_the_order_asked_for() =>
        Matrices.Sample((values, order, mostSide) =>
        {
            var size = (int)Math.Sqrt(values.Length);
            var cells = SimilarityCells.Of(order, mostSide, i => values.AsSpan(i * size, size));

            Assert.InRange(cells.Side, 1, mostSide);
            Assert.Equal(cells.Side, (order.Length + cells.PerCell - 1) / cells.PerCell);
            foreach (var (cell, mean) in cells.Means.Index())
            {
                var (rows, columns) = (Probes(cell / cells.Side), Probes(cell % cells.Side));
                Assert.Equal(rows.SelectMany(i => columns.Select(j => values[(i * size) + j])).Average(), mean, 1e-14);
            }

            IEnumerable<int> Probes(int cell) => order.Skip(cell * cells.PerCell).Take(cells.PerCell);
        });

    [Fact]
    public void Cells_of_the_symmetrised_matrix_are_the_symmetrised_cells() =>
        Matrices.Sample((values, order, mostSide) =>
        {
            var size = (int)Math.Sqrt(values.Length);
            var symmetrised = SimilarityMatrix.Symmetrise(values, size);
            var expected = SimilarityCells.Of(order, mostSide, i => symmetrised.AsSpan(i * size, size));
            var actual = SimilarityCells.Of(order, mostSide, i => values.AsSpan(i * size, size)).Symmetrised();
            Assert.All(expected.Means.Zip(actual.Means), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
        });

    [Fact]
    public void Diagonal_cells_are_left_out_of_those_beside_it()
    {
        double[] values = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        Assert.Equal([2.0, 3, 4, 6, 7, 8], SimilarityCells.Of([0, 1, 2], 3, i => values.AsSpan(i * 3, 3)).OffDiagonal());
        Assert.Empty(SimilarityCells.Of([0, 1, 2], 1, i => values.AsSpan(i * 3, 3)).OffDiagonal());
    }
}
