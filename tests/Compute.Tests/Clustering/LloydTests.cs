using CsCheck;
using ElasticityStream.Compute.Clustering;

namespace ElasticityStream.Compute.Tests.Clustering;

public sealed class LloydTests
{
    [Fact]
    public void Objective_never_rises_when_points_are_rows() =>
        ClusteringGen.Rows.Sample(input =>
        {
            var trace = new List<double>();
            Lloyd.Run(new RowGeometry(input.Rows, input.Points, input.Clusters), input.Clusters, input.Labels, 100, trace);
            RequireFalling(trace);
        });

    [Fact]
    public void Objective_never_rises_and_the_run_converges_when_many_points_are_equal() =>
        ClusteringGen.GridRows.Sample(input =>
        {
            var trace = new List<double>();
            var end = Lloyd.Run(new RowGeometry(input.Rows, input.Points, input.Clusters), input.Clusters, input.Labels, 100, trace);
            RequireFalling(trace);
            Assert.Equal(RestartEnding.Converged, end.Ending);
            Assert.Equal(input.Clusters, end.Labels.Distinct().Count());
        });

    [Fact]
    public void Rows_and_their_linear_kernel_give_the_labels_of_the_definition_from_the_same_start() =>
        ClusteringGen.Rows.Sample(input =>
        {
            var kernel = SlowClustering.LinearKernel(input.Rows, input.Points);
            var (expected, margin) = SlowClustering.Lloyd(kernel, input.Clusters, input.Labels, 100);
            if (margin < 1e-9)
                return;
            var options = new ClusteringOptions { Clusters = input.Clusters };
            Assert.Equal(expected, new KMeans(options).Cluster(input.Rows, input.Points, input.Labels).Labels);
            Assert.Equal(expected, new KernelKMeans(options).Cluster(kernel, input.Points, input.Labels).Labels);
        });

    [Fact]
    public void Kernel_sums_stay_exact_when_few_points_move_per_step()
    {
        // 400 points in a row: a late step moves one or two of them, which the geometry corrects for instead of summing afresh.
        const int Points = 400;
        var rows = Enumerable.Range(0, Points).Select(i => Math.Sqrt(i)).ToArray();
        var start = Enumerable.Range(0, Points).Select(i => i < 10 ? 0 : 1).ToArray();
        var options = new ClusteringOptions();
        var kernel = SlowClustering.LinearKernel(rows, Points);
        var byKernel = new KernelKMeans(options).Cluster(kernel, Points, start);
        var byRows = new KMeans(options).Cluster(rows, Points, start);
        Assert.True(byKernel.Iterations > 5, "the case must take several steps");
        Assert.Equal(byRows.Labels, byKernel.Labels);
        Assert.Equal(byRows.Objective, byKernel.Objective, 1e-9 * byRows.Objective);
    }

    [Fact]
    public void Empty_cluster_takes_the_point_farthest_from_its_centre()
    {
        double[] rows = [0, 1, 2, 10];
        var trace = new List<double>();
        var end = Lloyd.Run(new RowGeometry(rows, 4, 2), 2, [0, 0, 0, 0], 1, trace);
        Assert.Equal([0, 0, 0, 1], end.Labels);
        Assert.Equal(2, end.Objective, 1e-12);
        Assert.Equal(2, trace.Count);
    }

    [Fact]
    public void Run_ends_as_cycled_when_an_indefinite_kernel_swaps_two_clusters_for_ever()
    {
        // With K = -I every point is nearer to the mean of the other cluster than to its own.
        double[] kernel = [-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1];
        var result = new KernelKMeans(new ClusteringOptions()).Cluster(kernel, 4, [0, 0, 1, 1]);
        Assert.Equal(RestartEnding.Cycled, result.Restarts[0].Ending);
        Assert.Equal(2, result.Iterations);
        Assert.Equal(-2, result.Objective, 1e-12);
        Assert.Equal([2, 2], result.ClusterSizes);
    }

    [Fact]
    public void Cycle_yields_its_best_labelling_and_converged_runs_are_fixed_points_when_the_kernel_is_indefinite()
    {
        var cycles = 0;
        ClusteringGen.IndefiniteKernel.Sample(
            input =>
            {
                var start = Enumerable.Range(0, input.Points).Select(i => i % input.Clusters).ToArray();
                var trace = new List<double>();
                var end = Lloyd.Run(new KernelGeometry(input.Kernel, input.Points, input.Clusters), input.Clusters, start, 100, trace);
                Assert.Equal(SlowClustering.Objective(input.Kernel, end.Labels), end.Objective, 1e-9);
                Assert.Equal(input.Clusters, end.Labels.Distinct().Count());
                var geometry = new KernelGeometry(input.Kernel, input.Points, input.Clusters);
                var around = new List<double>();
                var again = Lloyd.Run(geometry, input.Clusters, [.. end.Labels], 100, around);
                if (end.Ending == RestartEnding.Converged)
                {
                    Assert.Equal(end.Labels, again.Labels);
                    Assert.Equal(1, again.Iterations);
                }
                else
                {
                    Assert.Equal(RestartEnding.Cycled, end.Ending);
                    Assert.Equal(RestartEnding.Cycled, again.Ending);
                    Assert.Equal(around.Min(), end.Objective, 1e-9);
                    Interlocked.Increment(ref cycles);
                }
            },
            iter: 500);
        Assert.True(cycles > 0, "no kernel cycled, so the test has shown nothing");
    }

    [Fact]
    public void Run_stops_at_the_limit_with_the_best_labels_so_far()
    {
        var rows = Enumerable.Range(0, 50).Select(i => (double)i).ToArray();
        var start = Enumerable.Range(0, 50).Select(i => i < 2 ? 0 : 1).ToArray();
        var trace = new List<double>();
        var end = Lloyd.Run(new RowGeometry(rows, 50, 2), 2, start, 2, trace);
        Assert.Equal(RestartEnding.Limit, end.Ending);
        Assert.Equal(2, end.Iterations);
        Assert.True(trace[2] < trace[1], "the case must still be improving");
        Assert.Equal(trace[2], end.Objective);
        Assert.Equal(SlowClustering.Objective(SlowClustering.LinearKernel(rows, 50), end.Labels), end.Objective, 1e-6);
    }

    [Fact]
    public void Point_at_equal_distances_stays_where_it_is()
    {
        double[] rows = [3, 3, 3, 3, 3];
        int[] start = [1, 0, 1, 0, 0];
        var end = Lloyd.Run(new RowGeometry(rows, 5, 2), 2, start, 100, []);
        Assert.Equal(start, end.Labels);
        Assert.Equal(1, end.Iterations);
    }

    private static void RequireFalling(List<double> objectives)
    {
        for (var t = 1; t < objectives.Count; t++)
        {
            var rose = objectives[t] > objectives[t - 1] + 1e-12 * (1 + objectives[0]);
            Assert.False(rose, $"step {t}: {objectives[t - 1]} rose to {objectives[t]}");
        }
    }
}
