using ElasticityStream.Compute.Tests.Models;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Tests.Training;

public sealed class SpecialFunctionsTests
{
    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-17)]
    [InlineData(-1e-17)]
    [InlineData(1e-9)]
    [InlineData(-1e-9)]
    [InlineData(0.1)]
    [InlineData(-0.1)]
    [InlineData(0.999)]
    [InlineData(-0.999)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(40)]
    [InlineData(-40)]
    public void Expm1_keeps_its_digits(double x)
    {
        // Below 2^-384 the fixed point holds nothing, and exp(x) - 1 is x.
        var expected = Math.Abs(x) < 1e-100 ? x : (double)(FixedPoint.Exp(x) - 1);
        Assert.InRange(SpecialFunctions.Expm1(x) / expected, 1 - 5e-16, 1 + 5e-16);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-17)]
    [InlineData(-1e-17)]
    [InlineData(1e-9)]
    [InlineData(0.1)]
    [InlineData(-0.1)]
    [InlineData(0.75)]
    [InlineData(1)]
    [InlineData(-0.75)]
    [InlineData(1000)]
    public void Log1p_keeps_its_digits(double x)
    {
        var expected = Math.Abs(x) < 1e-100 ? x : (double)FixedPoint.Log1p(x);
        Assert.InRange(SpecialFunctions.Log1p(x) / expected, 1 - 5e-16, 1 + 5e-16);
    }

    [Fact]
    public void Special_functions_are_0_at_0()
    {
        Assert.Equal(0, SpecialFunctions.Expm1(0));
        Assert.Equal(0, SpecialFunctions.Log1p(0));
    }
}
