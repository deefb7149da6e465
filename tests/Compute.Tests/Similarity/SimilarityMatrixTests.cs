using CsCheck;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Compute.Tests.Similarity;

public sealed class SimilarityMatrixTests
{
    private const int Probes = 3;
    private const double Weight = 0.25;

    private static readonly Gen<(int Row, double[] Values)[]> Updates =
        Gen.Select(Gen.Int[0, Probes - 1], Gen.Double[-1, 1].Array[Probes]).Array[0, 20];

    [Theory]
    [InlineData(RowUpdate.Latest)]
    [InlineData(RowUpdate.Mean)]
    [InlineData(RowUpdate.Ewma)]
    public void Row_is_the_latest_the_mean_or_the_average_of_its_history(RowUpdate update) =>
        Updates.Sample(updates =>
        {
            var matrix = new SimilarityMatrix(Probes, update, Weight);
            foreach (var (row, values) in updates)
                matrix.Update(row, values);

            for (var i = 0; i < Probes; i++)
            {
                var history = updates.Where(u => u.Row == i).Select(u => u.Values).ToArray();
                Assert.Equal(history.Length, matrix.RowCounts[i]);
                if (history.Length == 0)
                    continue;
                for (var j = 0; j < Probes; j++)
                    Assert.Equal(Expected(update, [.. history.Select(h => h[j])]), matrix.Row(i)[j], 1e-14);
            }

            Assert.Equal(updates.Select(u => u.Row).Distinct().Order(), matrix.MeasuredProbes());
        });

    [Fact]
    public void Row_that_was_never_measured_is_not_given_out()
    {
        var matrix = new SimilarityMatrix(2);
        matrix.Update(1, [0.5, 1]);
        Assert.Throws<InvalidOperationException>(() => matrix.Row(0).ToArray());
        Assert.Throws<InvalidOperationException>(() => matrix.Submatrix([0, 1]));
        Assert.Equal([1], matrix.MeasuredProbes());
    }

    [Fact]
    public void Submatrix_holds_the_chosen_rows_and_columns_in_their_order()
    {
        var matrix = new SimilarityMatrix(Probes);
        for (var i = 0; i < Probes; i++)
            matrix.Update(i, [10 * i, (10 * i) + 1, (10 * i) + 2]);
        Assert.Equal([22, 20, 2, 0], matrix.Submatrix([2, 0]));
        Assert.Empty(matrix.Submatrix([]));
    }

    [Fact]
    public void Symmetrised_matrix_is_the_mean_with_its_transpose()
    {
        Assert.Equal([1, 3, 5, 3, 5, 7, 5, 7, 9], SimilarityMatrix.Symmetrise([1, 2, 3, 4, 5, 6, 7, 8, 9], 3));
        Assert.Empty(SimilarityMatrix.Symmetrise([], 0));
    }

    [Fact]
    public void Matrix_needs_probes_and_a_weight_of_at_most_1()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimilarityMatrix(0));
        foreach (var weight in new[] { 0, -0.1, 1.1, double.NaN })
            Assert.Throws<ArgumentOutOfRangeException>(() => new SimilarityMatrix(2, RowUpdate.Ewma, weight));
    }

    private static double Expected(RowUpdate update, double[] history) => update switch
    {
        RowUpdate.Latest => history[^1],
        RowUpdate.Mean => history.Average(),
        _ => history.Aggregate((old, newest) => ((1 - Weight) * old) + (Weight * newest)),
    };
}
