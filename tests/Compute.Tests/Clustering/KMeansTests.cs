using CsCheck;
using ElasticityStream.Compute.Clustering;

namespace ElasticityStream.Compute.Tests.Clustering;

public sealed class KMeansTests
{
    [Fact]
    public void Best_of_the_restarts_is_the_result() =>
        ClusteringGen.GridRows.Sample(input =>
        {
            var result = new KMeans(new ClusteringOptions { Clusters = input.Clusters, Restarts = 7 }).Cluster(input.Rows, input.Points);
            Assert.Equal(7, result.Restarts.Length);
            Assert.All(result.Restarts, restart => Assert.True(result.Objective <= restart.Objective));
            Assert.Contains(result.Restarts, restart => restart.Labels.SequenceEqual(result.Labels));
            Assert.Equal(input.Points, result.ClusterSizes.Sum());
            Assert.DoesNotContain(0, result.ClusterSizes);
        });

    [Fact]
    public void Global_optimum_is_found_when_all_labellings_can_be_tried()
    {
        const int Points = 9;
        var random = new SeededRandom(3, 0);
        var rows = Enumerable.Range(0, Points * 2).Select(_ => random.NextDouble()).ToArray();
        var kernel = SlowClustering.LinearKernel(rows, Points);
        var best = double.PositiveInfinity;
        for (var code = 0; code < Math.Pow(3, Points); code++)
        {
            var labels = Enumerable.Range(0, Points).Select(i => code / (int)Math.Pow(3, i) % 3).ToArray();
            if (labels.Distinct().Count() == 3)
                best = Math.Min(best, SlowClustering.Objective(kernel, labels));
        }

        var options = new ClusteringOptions { Clusters = 3 };
        Assert.Equal(best, new KMeans(options).Cluster(rows, Points).Objective, 1e-12);
        Assert.Equal(best, new KernelKMeans(options).Cluster(kernel, Points).Objective, 1e-12);
    }

    [Fact]
    public void One_cluster_holds_every_point_and_its_objective_is_the_scatter()
    {
        double[] rows = [0, 0, 2, 0, 0, 2, 2, 2];
        var result = new KMeans(new ClusteringOptions { Clusters = 1 }).Cluster(rows, 4);
        Assert.Equal([0, 0, 0, 0], result.Labels);
        Assert.Equal(8, result.Objective, 1e-12);
        Assert.Equal(1, result.Iterations);
    }

    [Fact]
    public void As_many_clusters_as_points_leave_no_distance()
    {
        var result = new KMeans(new ClusteringOptions { Clusters = 3 }).Cluster(new double[] { 1, 5, 9 }, 3);
        Assert.Equal(0, result.Objective);
        Assert.Equal([1, 1, 1], result.ClusterSizes);
    }

    [Fact]
    public void Equal_points_are_dealt_out_when_there_are_more_clusters_than_places()
    {
        var result = new KMeans(new ClusteringOptions { Clusters = 3 }).Cluster(new double[] { 4, 4, 4, 4, 4 }, 5);
        Assert.Equal(0, result.Objective);
        Assert.Equal(3, result.Labels.Distinct().Count());
        Assert.All(result.Restarts, restart => Assert.Equal(RestartEnding.Converged, restart.Ending));
    }

    [Fact]
    public void Seeds_spread_over_distant_groups_when_drawn_by_distance()
    {
        // Three pairs far apart: uniform seeds would often share a pair, k-means++ practically never does.
        double[] rows = [0, 0.01, 1000, 1000.01, 2000, 2000.01];
        for (var seed = 0; seed < 50; seed++)
        {
            var labels = Seeding.PlusPlus(new RowGeometry(rows, 6, 3), 3, new SeededRandom(seed, 0));
            Assert.Equal(3, labels.Distinct().Count());
            Assert.Equal([labels[0], labels[2], labels[4]], [labels[1], labels[3], labels[5]]);
        }
    }

    [Theory]
    [InlineData(ClusteringMethod.KMeans)]
    [InlineData(ClusteringMethod.KernelKMeans)]
    [InlineData(ClusteringMethod.Spectral)]
    [InlineData(ClusteringMethod.SpectralNormalized)]
    public void Result_has_the_same_bits_whatever_the_degree_of_parallelism(ClusteringMethod method)
    {
        const int Points = 90;
        var random = new SeededRandom(7, 1);
        var features = Enumerable.Range(0, Points * 11).Select(_ => random.NextDouble()).ToArray();
        var options = new ClusteringOptions { Clusters = 4, Seed = 11 };
        var alone = Clusterer.Create(method, options).ClusterFeatures(features, Points);
        var together = Clusterer.Create(method, options with { DegreeOfParallelism = 4 }).ClusterFeatures(features, Points);
        Assert.Equal(alone.BestRestart, together.BestRestart);
        for (var r = 0; r < options.Restarts; r++)
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(alone.Restarts[r].Objective), BitConverter.DoubleToInt64Bits(together.Restarts[r].Objective));
            Assert.Equal(alone.Restarts[r].Labels, together.Restarts[r].Labels);
        }
    }

    [Fact]
    public void Another_seed_starts_elsewhere()
    {
        var random = new SeededRandom(7, 1);
        var rows = Enumerable.Range(0, 200).Select(_ => random.NextDouble()).ToArray();
        var options = new ClusteringOptions { Clusters = 5, Restarts = 5 };
        var first = new KMeans(options).Cluster(rows, 100);
        var second = new KMeans(options with { Seed = 1 }).Cluster(rows, 100);
        Assert.NotEqual(first.Restarts.Select(restart => restart.Objective), second.Restarts.Select(restart => restart.Objective));
    }

    [Fact]
    public void More_clusters_than_points_are_refused_with_both_numbers()
    {
        var error = Assert.Throws<ArgumentException>(() => new KMeans(new ClusteringOptions { Clusters = 5 }).Cluster(new double[] { 1, 2, 3 }, 3));
        Assert.Contains("5 clusters", error.Message, StringComparison.Ordinal);
        Assert.Contains("3 points", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_that_is_not_finite_is_refused_with_its_place()
    {
        var error = Assert.Throws<ArgumentException>(() => new KMeans(new ClusteringOptions()).Cluster(new[] { 1, 2, 3, 4, double.NaN, 6 }, 3));
        Assert.Contains("row 2, column 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_do_not_fill_the_rows_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new KMeans(new ClusteringOptions()).Cluster(new double[7], 3));
        Assert.Throws<ArgumentException>(() => new KMeans(new ClusteringOptions()).Cluster(Array.Empty<double>(), 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KMeans(new ClusteringOptions()).Cluster(new double[7], 0));
    }

    [Fact]
    public void Initial_labels_that_do_not_fit_are_refused()
    {
        var clusterer = new KMeans(new ClusteringOptions());
        var outside = Assert.Throws<ArgumentException>(() => clusterer.Cluster(new double[] { 1, 2, 3 }, 3, [0, 1, 2]));
        Assert.Contains("point 2", outside.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => clusterer.Cluster(new double[] { 1, 2, 3 }, 3, [0, 1]));
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Refused(new ClusteringOptions { Clusters = 0 }, nameof(ClusteringOptions.Clusters));
        Refused(new ClusteringOptions { Restarts = 0 }, nameof(ClusteringOptions.Restarts));
        Refused(new ClusteringOptions { MaximumIterations = 0 }, nameof(ClusteringOptions.MaximumIterations));
        Refused(new ClusteringOptions { DegreeOfParallelism = 0 }, nameof(ClusteringOptions.DegreeOfParallelism));
        Refused(new ClusteringOptions { Neighbours = 0 }, nameof(ClusteringOptions.Neighbours));
        Refused(new ClusteringOptions { SpectralVectors = 0 }, nameof(ClusteringOptions.SpectralVectors));
        Refused(new ClusteringOptions { KernelSeeding = (KernelSeeding)9 }, "seeding");

        static void Refused(ClusteringOptions options, string name) =>
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new KMeans(options)).ParamName);
    }
}
