using ElasticityStream.Compute.Tests.Models;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Tests.Training;

public sealed class ProbabilityChangeTests
{
    private static readonly double[] Logits = [0, 1e-9, 0.3, -0.3, 1, -1, 5, -5, 20, -20, 40, -40, 100, -100];

    private static readonly double[] Changes =
        [.. new[] { 1e-12, 1e-6, 1e-3, 0.5, 1, 1.5, 10, 40, 100, 150 }.SelectMany(c => new[] { c, -c })];

    [Fact]
    public void Probability_change_keeps_its_digits_at_every_logit_and_change()
    {
        foreach (var logit in Logits)
        {
            foreach (var change in Changes)
            {
                FixedPoint before = logit, moved = change;
                var expected = (double)(FixedPoint.Sigmoid(before + moved) - FixedPoint.Sigmoid(before));
                // The logit after the change is rounded, which its exponential magnifies.
                var tolerance = 1e-15 + (1.2e-16 * Math.Abs(logit + change));
                Assert.True(
                    Math.Abs(ProbabilityChange.Of(logit, change) - expected) <= tolerance * Math.Abs(expected), $"{logit} + {change}");
            }
        }
    }

    [Theory]
    [InlineData(-800, 800, 0.5)]
    [InlineData(800, -800, -0.5)]
    [InlineData(-1e300, 2e300, 1)]
    [InlineData(1e300, -2e300, -1)]
    [InlineData(-1e300, double.PositiveInfinity, 1)]
    [InlineData(1e300, 1e300, 0)]
    [InlineData(1000, -1, 0)]
    [InlineData(3, 0, 0)]
    public void Probability_change_of_a_saturated_logit_is_that_of_its_limits(double logit, double change, double expected) =>
        Assert.Equal(expected, ProbabilityChange.Of(logit, change), 1e-15);

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.NaN)]
    public void Probability_change_passes_a_NaN_on(double logit, double change) =>
        Assert.Equal(double.NaN, ProbabilityChange.Of(logit, change));

    [Fact]
    public void Sigmoid_is_accurate_in_both_tails()
    {
        foreach (var x in Logits)
        {
            var expected = (double)FixedPoint.Sigmoid(x);
            Assert.InRange(ProbabilityChange.Sigmoid(x) / expected, 1 - 4e-16, 1 + 4e-16);
        }

        Assert.Equal(0, ProbabilityChange.Sigmoid(-1e4));
        Assert.Equal(1, ProbabilityChange.Sigmoid(1e4));
    }
}
