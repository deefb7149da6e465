using CsCheck;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Compute.Tests.Similarity;

public sealed class PearsonCorrelationTests
{
    [Theory]
    [InlineData(new[] { 1.0, 2, 3 }, new[] { 2.0, 4, 6 }, 1)]
    [InlineData(new[] { 1.0, 2, 3 }, new[] { 6.0, 4, 2 }, -1)]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 1.0, -1, -1, 1 }, 0)]
    // Anscombe 1973, the first of the four sets.
    [InlineData(
        new[] { 10.0, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5 },
        new[] { 8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68 }, 0.816420516344840)]
    public void Correlation_has_its_known_values(double[] x, double[] y, double expected) =>
        Assert.Equal(expected, PearsonCorrelation.Of(x, y)!.Value, 1e-14);

    // Five values that are not all equal.
    private static readonly Gen<double[]> Varying =
        Gen.Int[-1000, 1000].Array[5].Where(v => v.Distinct().Count() > 1).Select(v => Array.ConvertAll(v, i => i / 1000.0));

    [Fact]
    public void Correlation_is_undefined_for_a_series_that_does_not_vary_whatever_its_mean_rounds_to()
    {
        var random = new SeededRandom(9, 1);
        for (var n = 2; n < 40; n++)
        {
            var varying = Enumerable.Range(0, n).Select(_ => random.NextDouble()).ToArray();
            var constant = Enumerable.Repeat(random.NextDouble() * 0.1, n).ToArray();
            Assert.Null(PearsonCorrelation.Of(constant, varying));
            Assert.Null(PearsonCorrelation.Of(varying, constant));
        }
    }

    [Fact]
    public void Correlation_is_undefined_below_two_points()
    {
        Assert.Null(PearsonCorrelation.Of([], []));
        Assert.Null(PearsonCorrelation.Of([1], [2]));
    }

    [Fact]
    public void Correlation_does_not_depend_on_the_scale() =>
        Gen.Select(Varying, Varying).Sample((x, y) =>
        {
            var expected = PearsonCorrelation.Of(x, y)!.Value;
            foreach (var scale in new[] { 1e-100, 1e100 })
            {
                var actual = PearsonCorrelation.Of(Array.ConvertAll(x, v => v * scale), Array.ConvertAll(y, v => v * scale));
                Assert.Equal(expected, actual!.Value, 1e-12);
            }
        });

    [Fact]
    public void Correlation_refuses_series_of_different_lengths() =>
        Assert.Throws<ArgumentException>(() => PearsonCorrelation.Of([1, 2], [1, 2, 3]));
}
