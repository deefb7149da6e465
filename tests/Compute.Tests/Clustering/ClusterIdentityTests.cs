using CsCheck;
using ElasticityStream.Compute.Clustering;

namespace ElasticityStream.Compute.Tests.Clustering;

public sealed class ClusterIdentityTests
{
    [Fact]
    public void Labels_stay_as_they_are_when_nothing_changes()
    {
        var gen = from labels in Gen.Int[0, 6].Array[1, 20]
                  from ids in Gen.Shuffle(Enumerable.Range(100, labels.Length).ToArray())
                  select (Ids: ids, Labels: labels);
        gen.Sample(input =>
        {
            var matched = ClusterIdentity.Match(input.Ids, input.Labels, input.Ids, input.Labels);
            Assert.Equal(input.Labels, matched.Labels);
            Assert.Equal(0, matched.Churn);
            Assert.Equal(input.Labels.Length, matched.CommonPoints);
        });
    }

    [Fact]
    public void Renaming_clusters_and_reordering_points_changes_nothing()
    {
        var gen = from labels in Gen.Int[0, 4].Array[1, 20]
                  from names in Gen.Shuffle(new[] { 0, 1, 2, 3, 4 })
                  from order in Gen.Shuffle(Enumerable.Range(0, labels.Length).ToArray())
                  select (Labels: labels, Names: names, Order: order);
        gen.Sample(input =>
        {
            var ids = Enumerable.Range(0, input.Labels.Length).ToArray();
            var renamed = input.Order.Select(i => input.Names[input.Labels[i]]).ToArray();
            var matched = ClusterIdentity.Match(ids, input.Labels, input.Order, renamed);
            Assert.Equal(input.Order.Select(i => input.Labels[i]), matched.Labels);
            Assert.Equal(0, matched.Churn);
        });
    }

    [Fact]
    public void Churn_is_the_share_of_points_that_no_matching_can_keep() =>
        ClusteringGen.LabelsAndClasses.Sample(input =>
        {
            var ids = Enumerable.Range(0, input.Labels.Length).ToArray();
            var matched = ClusterIdentity.Match(ids, input.Classes, ids, input.Labels);
            Assert.NotNull(matched.Churn);
            Assert.Equal(1 - ClusteringAccuracy.Of(input.Labels, input.Classes), matched.Churn.Value, 1e-12);
            var changed = matched.Labels.Zip(input.Classes).Count(pair => pair.First != pair.Second);
            Assert.Equal(changed / (double)ids.Length, matched.Churn.Value, 1e-12);
            Assert.Equal(input.Labels.Distinct().Count(), matched.Labels.Distinct().Count());
        });

    [Fact]
    public void Identities_follow_the_points_that_both_clusterings_hold_when_the_sets_differ()
    {
        // Point 9 left, points 5 and 6 came; the clusterer swapped the numbers, and point 3 changed its cluster.
        var matched = ClusterIdentity.Match([1, 2, 3, 4, 9], [0, 0, 1, 1, 1], [6, 4, 3, 2, 1, 5], [0, 0, 1, 1, 1, 1]);
        Assert.Equal([1, 1, 0, 0, 0, 0], matched.Labels);
        Assert.Equal(4, matched.CommonPoints);
        Assert.Equal(0.25, matched.Churn);
    }

    [Fact]
    public void New_cluster_takes_the_lowest_free_number()
    {
        var matched = ClusterIdentity.Match([1, 2, 3], [0, 2, 2], [1, 2, 3, 4], [5, 7, 7, 6]);
        Assert.Equal([0, 2, 2, 1], matched.Labels);
        Assert.Equal(0, matched.Churn);
    }

    [Fact]
    public void Identities_start_at_zero_and_churn_is_unknown_when_there_is_no_common_point()
    {
        var first = ClusterIdentity.Match([], [], [10, 11, 12], [1, 0, 1]);
        Assert.Equal([1, 0, 1], first.Labels);
        Assert.Null(first.Churn);
        var elsewhere = ClusterIdentity.Match([1, 2], [0, 1], [3, 4], [1, 0]);
        Assert.Equal([1, 0], elsewhere.Labels);
        Assert.Equal(0, elsewhere.CommonPoints);
        Assert.Null(elsewhere.Churn);
    }

    [Fact]
    public void Match_refuses_repeated_ids_unequal_lengths_and_negative_identities()
    {
        var twice = Assert.Throws<ArgumentException>(() => ClusterIdentity.Match([], [], [7, 8, 7], [0, 0, 1]));
        Assert.Contains("Id 7", twice.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ClusterIdentity.Match([1, 2], [0], [1], [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClusterIdentity.Match([1], [-1], [1], [0]));
    }
}
