using CsCheck;
using ElasticityStream.Compute.Clustering;

namespace ElasticityStream.Compute.Tests.Clustering;

public sealed class ClusteringScoresTests
{
    [Fact]
    public void Accuracy_is_that_of_the_best_matching_when_every_one_is_tried() =>
        ClusteringGen.LabelsAndClasses.Sample(input =>
            Assert.Equal(BestMatching(input.Labels, input.Classes), ClusteringAccuracy.Of(input.Labels, input.Classes), 1e-12));

    [Fact]
    public void Adjusted_rand_index_is_that_of_counting_pairs() =>
        ClusteringGen.LabelsAndClasses.Sample(input =>
            Assert.Equal(PairCounting(input.Labels, input.Classes), AdjustedRandIndex.Of(input.Labels, input.Classes), 1e-12));

    [Fact]
    public void Normalised_mutual_information_is_that_of_the_definition() =>
        ClusteringGen.LabelsAndClasses.Sample(input =>
            Assert.Equal(MutualInformation(input.Labels, input.Classes), NormalisedMutualInformation.Of(input.Labels, input.Classes), 1e-9));

    [Fact]
    public void Scores_do_not_depend_on_the_order_of_points_or_the_names_of_clusters_and_classes()
    {
        var gen = from input in ClusteringGen.LabelsAndClasses
                  from order in Gen.Shuffle(Enumerable.Range(0, input.Labels.Length).ToArray())
                  from names in Gen.Shuffle(new[] { -7, 0, 3, 12, int.MaxValue })
                  select (input.Labels, input.Classes, Order: order, Names: names);
        gen.Sample(input =>
        {
            var scores = ClusteringScores.Of(input.Labels, input.Classes);
            var moved = ClusteringScores.Of(
                input.Order.Select(i => input.Names[input.Labels[i]]).ToArray(),
                input.Order.Select(i => input.Names[4 - input.Classes[i]]).ToArray());
            Assert.Equal(scores.Accuracy, moved.Accuracy, 1e-12);
            Assert.Equal(scores.AdjustedRandIndex, moved.AdjustedRandIndex, 1e-12);
            Assert.Equal(scores.NormalisedMutualInformation, moved.NormalisedMutualInformation, 1e-12);
        });
    }

    [Fact]
    public void Scores_are_those_of_the_textbook_example()
    {
        // Manning, Raghavan and Schuetze, Introduction to Information Retrieval, figure 16.4: three clusters of 6, 6 and 5 points;
        // purity 12/17, NMI 0.36, pairs 20 (both), 20 (cluster only), 24 (class only), 72 (neither).
        int[] labels = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2];
        int[] classes = [0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 2, 0, 0, 2, 2, 2];
        var scores = ClusteringScores.Of(labels, classes);
        Assert.Equal(12.0 / 17, scores.Accuracy, 1e-12);
        Assert.Equal(2.0 * (20 * 72 - 24 * 20) / (44 * 96 + 40 * 92), scores.AdjustedRandIndex, 1e-12);
        Assert.Equal(0.36, scores.NormalisedMutualInformation, 5e-3);
    }

    [Theory]
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 1, 1, 0, 0 }, 1, 1, 1)]
    [InlineData(new[] { 0, 0, 1, 2 }, new[] { 0, 0, 1, 1 }, 0.75, 4.0 / 7, 0.8)]
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 0, 1, 0, 1 }, 0.5, -0.5, 0)]
    [InlineData(new[] { 0, 0, 0, 0 }, new[] { 0, 1, 2, 3 }, 0.25, 0, 0)]
    [InlineData(new[] { 3, 3, 3 }, new[] { 8, 8, 8 }, 1, 1, 1)]
    [InlineData(new[] { 0, 1, 2 }, new[] { 5, 6, 7 }, 1, 1, 1)]
    [InlineData(new[] { 4 }, new[] { 9 }, 1, 1, 1)]
    public void Scores_are_those_worked_out_by_hand(int[] labels, int[] classes, double accuracy, double rand, double information)
    {
        var scores = ClusteringScores.Of(labels, classes);
        Assert.Equal(accuracy, scores.Accuracy, 1e-12);
        Assert.Equal(rand, scores.AdjustedRandIndex, 1e-12);
        Assert.Equal(information, scores.NormalisedMutualInformation, 1e-12);
    }

    [Fact]
    public void Scores_refuse_no_points_and_unequal_lengths()
    {
        Assert.Throws<ArgumentException>(() => ClusteringScores.Of([], []));
        var error = Assert.Throws<ArgumentException>(() => ClusteringAccuracy.Of([1, 2], [1, 2, 3]));
        Assert.Contains("2 labels and 3 classes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restart_accuracies_are_those_of_each_restart_and_their_spread()
    {
        double[] rows = [0, 0, 0, 1, 4, 0, 4, 1];
        int[] classes = [0, 1, 0, 1];
        var result = new KMeans(new ClusteringOptions { Restarts = 12, Seed = 4 }).Cluster(rows, 4);
        var accuracies = result.RestartAccuracies(classes);
        Assert.Equal(result.Restarts.Select(restart => ClusteringAccuracy.Of(restart.Labels.AsSpan(), classes)), accuracies);
        Assert.Equal(result.Score(classes).Accuracy, accuracies[result.BestRestart]);
        var spread = Spread.Of(accuracies);
        Assert.Equal(accuracies.Min(), spread.Minimum);
        Assert.Equal(accuracies.Max(), spread.Maximum);
    }

    [Fact]
    public void Spread_is_that_of_a_sample()
    {
        Assert.Equal(new Spread(1, 2, 1, 3), Spread.Of([3, 1, 2]));
        Assert.Equal(new Spread(0.1, 0.1, 0, 0.1), Spread.Of([0.1, 0.1, 0.1]));
        Assert.Equal(new Spread(5, 5, 0, 5), Spread.Of([5]));
        Assert.Throws<ArgumentException>(() => Spread.Of([]));
    }

    private static double BestMatching(int[] labels, int[] classes)
    {
        // Every map from clusters to classes or to none (-1) that uses no class twice.
        return Best(0, []) / (double)labels.Length;

        int Best(int cluster, List<int> taken)
        {
            if (cluster > labels.Max())
                return 0;
            var best = Best(cluster + 1, taken);
            for (var c = 0; c <= classes.Max(); c++)
            {
                if (!taken.Contains(c))
                    best = Math.Max(best, labels.Zip(classes).Count(pair => pair == (cluster, c)) + Best(cluster + 1, [.. taken, c]));
            }

            return best;
        }
    }

    private static double PairCounting(int[] labels, int[] classes)
    {
        double both = 0, cluster = 0, ofClass = 0, neither = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                switch (labels[i] == labels[j], classes[i] == classes[j])
                {
                    case (true, true):
                        both++;
                        break;
                    case (true, false):
                        cluster++;
                        break;
                    case (false, true):
                        ofClass++;
                        break;
                    default:
                        neither++;
                        break;
                }
            }
        }

        return cluster == 0 && ofClass == 0
            ? 1
            : 2 * (both * neither - ofClass * cluster) / ((both + ofClass) * (ofClass + neither) + (both + cluster) * (cluster + neither));
    }

    private static double MutualInformation(int[] labels, int[] classes)
    {
        double n = labels.Length;
        double Share(Func<int, bool> holds) => Enumerable.Range(0, labels.Length).Count(holds) / n;
        double Entropy(int[] numbers) => -numbers.Distinct()
            .Select(number => Share(i => numbers[i] == number))
            .Sum(share => share * Math.Log(share));
        var information = 0.0;
        foreach (var (label, number) in labels.Zip(classes).Distinct())
        {
            var joint = Share(i => labels[i] == label && classes[i] == number);
            information += joint * Math.Log(joint / (Share(i => labels[i] == label) * Share(i => classes[i] == number)));
        }

        var mean = (Entropy(labels) + Entropy(classes)) / 2;
        return mean == 0 ? 1 : information / mean;
    }
}
