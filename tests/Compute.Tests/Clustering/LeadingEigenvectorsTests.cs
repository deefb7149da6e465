using ElasticityStream.Compute.Clustering;
using MathNet.Numerics.LinearAlgebra;

namespace ElasticityStream.Compute.Tests.Clustering;

public sealed class LeadingEigenvectorsTests
{
    [Fact]
    public void Graph_joins_each_point_to_its_most_similar_ones_and_they_back()
    {
        const int Points = 30;
        var similarity = RandomSimilarity(Points, 1, seed: 8, levels: 5);
        var graph = NeighbourGraph.Of(similarity, Points, 3);
        var nearest = Enumerable.Range(0, Points)
            .Select(i => Enumerable.Range(0, Points)
                .Where(j => j != i)
                .OrderByDescending(j => similarity[i * Points + j])
                .ThenBy(j => j)
                .Take(3)
                .ToArray())
            .ToArray();
        for (var i = 0; i < Points; i++)
        {
            var expected = Enumerable.Range(0, Points).Where(j => nearest[i].Contains(j) || nearest[j].Contains(i));
            Assert.Equal(expected, graph.NeighboursOf(i).ToArray());
        }
    }

    [Fact]
    public void Graph_of_few_points_joins_them_all_and_one_point_to_none()
    {
        var graph = NeighbourGraph.Of([1, 0, 0, 0, 1, 0, 0, 0, 1], 3, 5);
        Assert.Equal([0, 2], graph.NeighboursOf(1).ToArray());
        Assert.Equal(0, NeighbourGraph.Of([1], 1, 5).NeighboursOf(0).Length);
    }

    [Theory]
    [InlineData(12, 3, 1, 2)]
    [InlineData(300, 5, 1, 2)]
    [InlineData(300, 40, 1, 3)]
    [InlineData(300, 5, 3, 3)]
    [InlineData(300, 5, 3, 10)]
    [InlineData(300, 5, 25, 2)]
    [InlineData(200, 199, 1, 3)]
    public void Vectors_are_orthonormal_eigenvectors_of_the_largest_values(int points, int neighbours, int components, int count)
    {
        var graph = NeighbourGraph.Of(RandomSimilarity(points, components, seed: 2, levels: 1 << 30), points, neighbours);
        Check(graph, count, tolerance: 1e-9);
    }

    [Fact]
    public void Vectors_are_found_when_eigenvalues_are_close_as_on_a_ring()
    {
        // Points on a circle: the eigenvalues come in pairs and crowd towards 1 as 1 / n^2.
        const int Points = 400;
        var similarity = new double[Points * Points];
        for (var i = 0; i < Points; i++)
        {
            for (var j = 0; j < Points; j++)
                similarity[i * Points + j] = Math.Cos(2 * Math.PI * (i - j) / Points);
        }

        Check(NeighbourGraph.Of(similarity, Points, 4), count: 3, tolerance: 1e-9);
    }

    private static void Check(NeighbourGraph graph, int count, double tolerance)
    {
        var n = graph.Points;
        var matrix = Matrix<double>.Build.Dense(n, n);
        for (var i = 0; i < n; i++)
        {
            foreach (var j in graph.NeighboursOf(i))
                matrix[i, j] = 1 / Math.Sqrt((double)graph.NeighboursOf(i).Length * graph.NeighboursOf(j).Length);
        }

        var expected = matrix.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).OrderDescending().Take(count).ToArray();
        var (vectors, values) = LeadingEigenvectors.Of(graph, count);
        Assert.Equal(count, vectors.Length);
        for (var a = 0; a < count; a++)
        {
            Assert.Equal(expected[a], values[a], tolerance);
            var vector = Vector<double>.Build.Dense(vectors[a]);
            Assert.True((matrix * vector - values[a] * vector).L2Norm() < tolerance, $"vector {a} is off");
            for (var b = 0; b < count; b++)
                Assert.Equal(a == b ? 1 : 0, vector * Vector<double>.Build.Dense(vectors[b]), tolerance);
        }
    }

    /// <summary>Random symmetric values, with points of different components (by index modulo) far apart.</summary>
    private static double[] RandomSimilarity(int points, int components, int seed, int levels)
    {
        var random = new SeededRandom(seed, 0);
        var similarity = new double[points * points];
        for (var i = 0; i < points; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var apart = i % components == j % components ? 0 : 2;
                similarity[i * points + j] = similarity[j * points + i] = random.NextInt32(levels) / (double)levels - apart;
            }
        }

        return similarity;
    }
}
