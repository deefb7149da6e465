using CsCheck;
using ElasticityStream.Compute.Clustering;

namespace ElasticityStream.Compute.Tests.Clustering;

public sealed class OptimalAssignmentTests
{
    [Fact]
    public void Assignment_is_as_heavy_as_the_best_of_all_when_every_one_is_tried()
    {
        var gen = from rows in Gen.Int[1, 5]
                  from columns in Gen.Int[1, 5]
                  from weights in Gen.Int[-4, 9].Array[rows * columns]
                  select (Weights: weights.Select(weight => (double)weight).ToArray(), Rows: rows, Columns: columns);
        gen.Sample(input =>
        {
            var assigned = OptimalAssignment.Maximum(input.Weights, input.Rows, input.Columns);
            Assert.Equal(input.Rows, assigned.Length);
            var used = assigned.Where(column => column >= 0).ToArray();
            Assert.Equal(Math.Min(input.Rows, input.Columns), used.Distinct().Count());
            var total = assigned.Select((column, row) => column < 0 ? 0 : input.Weights[row * input.Columns + column]).Sum();
            Assert.Equal(Best(input.Weights, input.Rows, input.Columns, 0, 0, 0), total);
        });
    }

    [Fact]
    public void Heaviest_entry_is_passed_over_when_the_total_is_larger_without_it() =>
        Assert.Equal([1, 0], OptimalAssignment.Maximum([10, 9, 9, 0], 2, 2));

    [Fact]
    public void Rows_are_left_over_when_there_are_more_of_them_than_columns() =>
        Assert.Equal([-1, 0, -1], OptimalAssignment.Maximum([1, 5, 3], 3, 1));

    [Fact]
    public void Nothing_is_assigned_when_there_are_no_columns() =>
        Assert.Equal([-1, -1], OptimalAssignment.Maximum([], 2, 0));

    [Fact]
    public void Weights_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => OptimalAssignment.Maximum([1, 2, 3], 2, 2));
        Assert.Throws<ArgumentException>(() => OptimalAssignment.Maximum([1, double.NaN], 1, 2));
    }

    private static double Best(double[] weights, int rows, int columns, int row, int taken, int skipped)
    {
        if (row == rows)
            return 0;
        var best = skipped < rows - columns ? Best(weights, rows, columns, row + 1, taken, skipped + 1) : double.NegativeInfinity;
        for (var column = 0; column < columns; column++)
        {
            if ((taken >> column & 1) == 0)
                best = Math.Max(best, weights[row * columns + column] + Best(weights, rows, columns, row + 1, taken | 1 << column, skipped));
        }

        return best;
    }
}
