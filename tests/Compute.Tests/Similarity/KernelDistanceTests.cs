using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Compute.Tests.Similarity;

public sealed class KernelDistanceTests
{
    [Fact]
    public void Distance_is_the_norm_of_the_difference_over_that_of_the_kernel()
    {
        // Differences of 5 and 0.5 in rows of norms 10 and 5.
        var distance = KernelDistance.Of([9, 12, 3.3, 4.4], [6, 8, 3, 4], 2);

        Assert.Equal(Math.Sqrt((25 + 0.25) / (100 + 25)), distance.Frobenius!.Value, 1e-15);
        Assert.Equal(0.5, distance.LargestRow!.Value, 1e-15);
    }

    [Fact]
    public void Equal_matrices_are_no_distance_apart_also_where_a_row_is_0() =>
        Assert.Equal(new KernelDistance(0, 0), KernelDistance.Of([1, 2, 0, 0], [1, 2, 0, 0], 2));

    [Fact]
    public void Distance_is_undefined_rather_than_infinite()
    {
        Assert.Equal(default, KernelDistance.Of([], [], 0));
        Assert.Equal(default, KernelDistance.Of([1, 0, 0, 1], [0, 0, 0, 0], 2));
        Assert.Null(KernelDistance.Of([1, 0, 0, 1], [1, 0, 0, 0], 2).LargestRow);
        Assert.Equal(1, KernelDistance.Of([1, 0, 0, 1], [1, 0, 0, 0], 2).Frobenius);
        Assert.Equal(default, KernelDistance.Of([1, 0, 0, 1], [1, 0, 0, double.NaN], 2));
        Assert.Equal(default, KernelDistance.Of([1, 0, 0, 1], [double.PositiveInfinity, 0, 0, 1], 2));
    }
}
