using ElasticityStream.Compute.Clustering;

namespace ElasticityStream.Compute.Tests.Clustering;

public sealed class ClustererTests
{
    [Fact]
    public void Every_method_has_its_clusterer() =>
        Assert.All(Enum.GetValues<ClusteringMethod>(), method => Assert.Equal(method, Clusterer.Create(method, new ClusteringOptions()).Method));

    [Fact]
    public void Unknown_method_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Clusterer.Create((ClusteringMethod)17, new ClusteringOptions()));

    [Theory]
    [InlineData(ClusteringMethod.KMeans)]
    [InlineData(ClusteringMethod.KernelKMeans)]
    [InlineData(ClusteringMethod.Spectral)]
    [InlineData(ClusteringMethod.SpectralNormalized)]
    public void Control_clusters_the_features_by_the_same_method(ClusteringMethod method)
    {
        // Two groups in different directions: apart for distances and for cosines alike.
        const int Points = 40;
        var random = new SeededRandom(9, 0);
        var classes = Enumerable.Range(0, Points).Select(i => i % 2).ToArray();
        var features = classes
            .SelectMany(number => new[] { number == 0 ? 5 : 0, number == 0 ? 0 : 5, 1.0 }.Select(value => value + random.NextDouble()))
            .ToArray();
        var result = Clusterer.Create(method, new ClusteringOptions()).ClusterFeatures(features, Points);
        Assert.Equal(method, result.Method);
        Assert.Equal(1, result.Score(classes).Accuracy);
        Assert.Equal(20, result.Restarts.Length);
    }
}
