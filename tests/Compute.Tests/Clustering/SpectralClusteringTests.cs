using ElasticityStream.Compute.Clustering;

namespace ElasticityStream.Compute.Tests.Clustering;

public sealed class SpectralClusteringTests
{
    private const int Points = 160;

    [Fact]
    public void Two_rings_are_told_apart_where_k_means_cannot()
    {
        var (rows, classes) = Rings();
        var similarity = Gaussian(rows);
        var options = new ClusteringOptions();
        Assert.Equal(1, new SpectralClustering(options, normalise: false).Cluster(similarity, Points).Score(classes).Accuracy);
        Assert.Equal(1, new SpectralClustering(options, normalise: true).Cluster(similarity, Points).Score(classes).Accuracy);
        Assert.True(new KMeans(options).Cluster(rows, Points).Score(classes).Accuracy < 0.75);
    }

    [Fact]
    public void Normalising_undoes_any_scaling_of_the_points()
    {
        var (rows, classes) = Rings();
        var similarity = Gaussian(rows);

        // Powers of two scale without rounding, so that the labels must be equal.
        var scaled = similarity.Select((value, k) => value * Math.Pow(2, k / Points % 7 - 3) * Math.Pow(2, k % Points % 7 - 3)).ToArray();
        var normalised = new SpectralClustering(new ClusteringOptions(), normalise: true);
        Assert.Equal(normalised.Cluster(similarity, Points).Labels, normalised.Cluster(scaled, Points).Labels);
        var plain = new SpectralClustering(new ClusteringOptions(), normalise: false);
        Assert.True(plain.Cluster(scaled, Points).Score(classes).Accuracy < 0.9);
    }

    [Fact]
    public void Embedding_has_the_vectors_asked_for()
    {
        // Three groups that no edge joins have three eigenvectors of value 1: two cannot hold them, three give each group one place.
        var classes = Enumerable.Range(0, 90).Select(i => i % 3).ToArray();
        var random = new SeededRandom(6, 0);
        var rows = classes.SelectMany(number => new[] { number * 50 + random.NextDouble(), random.NextDouble() }).ToArray();
        var options = new ClusteringOptions { Clusters = 3, SpectralVectors = 3, Neighbours = 15 };
        var result = new SpectralClustering(options, normalise: false).Cluster(Gaussian(rows), 90);
        Assert.Equal(1, result.Score(classes).Accuracy);
        Assert.Equal(0, result.Objective, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Few_points_are_clustered(int points)
    {
        var similarity = new double[points * points];
        for (var i = 0; i < points; i++)
            similarity[i * points + i] = 1;
        var result = new SpectralClustering(new ClusteringOptions { Clusters = points }, normalise: true).Cluster(similarity, points);
        Assert.Equal(points, result.Labels.Distinct().Count());
        Assert.Equal(ClusteringMethod.SpectralNormalized, result.Method);
    }

    [Fact]
    public void Negative_similarities_and_a_negative_diagonal_are_clustered_when_nothing_is_normalised()
    {
        var classes = Enumerable.Range(0, 20).Select(i => i / 10).ToArray();
        var similarity = new double[400];
        for (var k = 0; k < 400; k++)
            similarity[k] = classes[k / 20] == classes[k % 20] ? -1 : -5;
        Assert.Equal(1, new SpectralClustering(new ClusteringOptions(), normalise: false).Cluster(similarity, 20).Score(classes).Accuracy);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.5)]
    public void Normalising_refuses_a_diagonal_entry_that_is_not_positive_and_names_it(double self)
    {
        double[] similarity = [1, 0, 0, 0, self, 0, 0, 0, 1];
        var clusterer = new SpectralClustering(new ClusteringOptions(), normalise: true);
        var error = Assert.Throws<ArgumentException>(() => clusterer.Cluster(similarity, 3));
        Assert.Contains("index 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Normalisation_is_the_formula_with_ones_on_the_diagonal()
    {
        var normalised = SimilarityNormalisation.Apply([4, 3, 3, 9], 2);
        Assert.Equal([1, 0.5, 0.5, 1], normalised);
        Assert.Throws<ArgumentException>(() => SimilarityNormalisation.Apply([1, 2, 3], 2));
    }

    [Fact]
    public void Too_few_points_for_the_clusters_or_the_vectors_are_refused()
    {
        double[] similarity = [1, 0, 0, 1];
        var threeClusters = new SpectralClustering(new ClusteringOptions { Clusters = 3 }, normalise: false);
        Assert.Throws<ArgumentException>(() => threeClusters.Cluster(similarity, 2));
        var fourVectors = new SpectralClustering(new ClusteringOptions { SpectralVectors = 4 }, normalise: false);
        var vectors = Assert.Throws<ArgumentException>(() => fourVectors.Cluster(similarity, 2));
        Assert.Contains("4 spectral vectors", vectors.Message, StringComparison.Ordinal);
    }

    private static (double[] Rows, int[] Classes) Rings()
    {
        var classes = Enumerable.Range(0, Points).Select(i => i % 2).ToArray();
        var rows = classes.SelectMany((number, i) => new[] { (1 + number) * Math.Cos(i * 0.15), (1 + number) * Math.Sin(i * 0.15) }).ToArray();
        return (rows, classes);
    }

    private static double[] Gaussian(double[] rows)
    {
        var points = rows.Length / 2;
        var similarity = new double[points * points];
        for (var i = 0; i < points; i++)
        {
            for (var j = 0; j < points; j++)
            {
                var (dx, dy) = (rows[2 * i] - rows[2 * j], rows[2 * i + 1] - rows[2 * j + 1]);
                similarity[i * points + j] = Math.Exp(-(dx * dx + dy * dy));
            }
        }

        return similarity;
    }
}
