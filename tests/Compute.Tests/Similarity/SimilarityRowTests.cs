using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Compute.Tests.Similarity;

public sealed class SimilarityRowTests
{
    [Fact]
    public void Rows_are_normalised_as_they_are_defined()
    {
        var row = new double[3];
        Assert.True(SimilarityRow.TryRelative([0.5, -0.25, 0], -0.5, row));
        Assert.Equal([1, 0.5, 0], row);
        Assert.True(SimilarityRow.TryKernelized([0.5, -0.25, 0], 0.1, -2, row));
        Assert.Equal([2.5, -1.25, 0], row);
        Assert.Equal(0L, BitConverter.DoubleToInt64Bits(row[2]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Row_is_degenerate_where_its_denominator_is_0_or_not_finite(double denominator)
    {
        var row = new double[1];
        Assert.False(SimilarityRow.TryRelative([1], denominator, row));
        Assert.False(SimilarityRow.TryKernelized([1], 0.1, denominator, row));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void Row_is_degenerate_where_any_entry_is_not_finite(double change)
    {
        var row = new double[3];
        Assert.False(SimilarityRow.TryRelative([1, change, 1], 1e-10, row));
        Assert.False(SimilarityRow.TryKernelized([1, change, 1], 1e-5, 1e-5, row));
    }

    [Fact]
    public void Kernelized_row_is_degenerate_where_rate_times_gradient_vanishes() =>
        Assert.False(SimilarityRow.TryKernelized([0], 1e-200, 1e-200, new double[1]));
}
