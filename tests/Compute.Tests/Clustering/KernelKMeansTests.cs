using CsCheck;
using ElasticityStream.Compute.Clustering;
using ElasticityStream.Compute.Tests.Golden;

namespace ElasticityStream.Compute.Tests.Clustering;

public sealed class KernelKMeansTests
{
    [Theory]
    [MemberData(nameof(GoldenCases.Names), MemberType = typeof(GoldenCases))]
    public void Golden_labels_are_reproduced_from_the_given_start(string name)
    {
        var golden = GoldenCases.Named(name);
        int[] start = [.. golden.Fixture.Longs("kkm_init").Values.Select(label => (int)label)];
        foreach (var key in new[] { "rel_sym", "ker_sym" })
        {
            var kernel = golden.Doubles(key).Values;
            var result = new KernelKMeans(new ClusteringOptions()).Cluster(kernel, start.Length, start);
            Assert.Equal(SlowClustering.Objective(kernel, result.Labels), result.Objective, 1e-9 * Math.Abs(result.Objective));
            if (golden.KernelKMeansMargin(key) >= 1e-3)
                Assert.Equal(golden.Longs($"{key}_kkm_labels").Values.Select(label => (int)label), result.Labels);
        }
    }

    [Fact]
    public void Golden_labels_are_compared_in_all_but_one_case() =>
        Assert.Equal(1, GoldenCases.All.Sum(golden => new[] { "rel_sym", "ker_sym" }.Count(key => golden.KernelKMeansMargin(key) < 1e-3)));

    [Theory]
    [InlineData(KernelSeeding.RandomPartition)]
    [InlineData(KernelSeeding.PlusPlus)]
    public void Every_restart_is_complete_and_none_beats_the_result_when_the_kernel_is_indefinite(KernelSeeding seeding) =>
        ClusteringGen.IndefiniteKernel.Sample(input =>
        {
            var options = new ClusteringOptions { Clusters = input.Clusters, Restarts = 5, KernelSeeding = seeding };
            var result = new KernelKMeans(options).Cluster(input.Kernel, input.Points);
            Assert.All(result.Restarts, restart =>
            {
                Assert.True(result.Objective <= restart.Objective);
                Assert.Equal(SlowClustering.Objective(input.Kernel, restart.Labels), restart.Objective, 1e-9);
                Assert.Equal(input.Clusters, restart.Labels.Distinct().Count());
                Assert.InRange(restart.Iterations, 1, 100);
            });
        });

    [Theory]
    [InlineData(KernelSeeding.RandomPartition)]
    [InlineData(KernelSeeding.PlusPlus)]
    public void Two_blocks_are_found(KernelSeeding seeding)
    {
        const int Points = 12;
        var kernel = new double[Points * Points];
        for (var i = 0; i < Points; i++)
        {
            for (var j = 0; j < Points; j++)
                kernel[i * Points + j] = i == j ? 1 : i % 2 == j % 2 ? 0.8 : 0.1;
        }

        var result = new KernelKMeans(new ClusteringOptions { KernelSeeding = seeding }).Cluster(kernel, Points);
        Assert.Equal(1, result.Score([.. Enumerable.Range(0, Points).Select(i => i % 2)]).Accuracy);
    }

    [Fact]
    public void Adding_a_constant_to_the_kernel_changes_no_label()
    {
        // It moves every point by the same vector of one more dimension.
        var random = new SeededRandom(5, 0);
        var rows = Enumerable.Range(0, 120).Select(_ => random.NextDouble()).ToArray();
        var kernel = LinearKernel.Of(rows, 40);
        var options = new ClusteringOptions { Clusters = 3 };
        var plain = new KernelKMeans(options).Cluster(kernel, 40);
        var shifted = new KernelKMeans(options).Cluster(kernel.Select(value => value + 1).ToArray(), 40);
        Assert.Equal(plain.Labels, shifted.Labels);
        Assert.Equal(plain.Objective, shifted.Objective, 1e-10);
    }

    [Fact]
    public void Zero_kernel_and_single_point_are_clustered()
    {
        var zero = new KernelKMeans(new ClusteringOptions { Clusters = 3, KernelSeeding = KernelSeeding.PlusPlus }).Cluster(new double[16], 4);
        Assert.Equal(3, zero.Labels.Distinct().Count());
        Assert.Equal(0, zero.Objective);
        var single = new KernelKMeans(new ClusteringOptions { Clusters = 1 }).Cluster(new[] { 2.0 }, 1);
        Assert.Equal([0], single.Labels);
        Assert.Equal(0, single.Objective);
    }

    [Fact]
    public void Random_partition_is_balanced()
    {
        var sizes = Seeding.RandomPartition(11, 3, new SeededRandom(1, 2)).CountBy(label => label).Select(pair => pair.Value).Order();
        Assert.Equal([3, 4, 4], sizes);
    }

    [Fact]
    public void Matrix_that_is_not_symmetric_is_refused_with_the_place()
    {
        var error = Assert.Throws<ArgumentException>(() => new KernelKMeans(new ClusteringOptions()).Cluster(new[] { 1, 0.5, 0.4, 1 }, 2));
        Assert.Contains("(1, 0)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_of_another_shape_or_with_too_few_points_or_not_finite_is_refused()
    {
        var clusterer = new KernelKMeans(new ClusteringOptions());
        Assert.Throws<ArgumentException>(() => clusterer.Cluster(new double[6], 3));
        Assert.Throws<ArgumentException>(() => clusterer.Cluster(new double[1], 1));
        Assert.Throws<ArgumentException>(() => clusterer.Cluster(new[] { 1, 0, 0, double.PositiveInfinity }, 2));
    }
}
