using CsCheck;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Tests.Configuration;

public sealed class LearningRateSettingTests
{
    [Fact]
    public void A_rate_equals_the_same_rate_and_nothing_else()
    {
        Assert.Equal(LearningRateSetting.Auto, default);
        Assert.Equal(LearningRateSetting.Fixed(0.1), LearningRateSetting.Fixed(0.1));
        Assert.NotEqual(LearningRateSetting.Fixed(0.1), LearningRateSetting.Fixed(0.2));
        Assert.NotEqual(LearningRateSetting.Fixed(0.1), LearningRateSetting.Auto);
    }

    [Fact]
    public void A_rate_knows_its_value_and_auto_has_none()
    {
        Assert.Equal(0.1, LearningRateSetting.Fixed(0.1).Value);
        Assert.False(LearningRateSetting.Fixed(0.1).IsAuto);
        Assert.Null(LearningRateSetting.Auto.Value);
        Assert.True(LearningRateSetting.Auto.IsAuto);
    }

    [Theory]
    [InlineData(0.006, "0.006")]
    [InlineData(1, "1")]
    [InlineData(1e-6, "1.0e-06")]
    [InlineData(2.5e-7, "2.5e-07")]
    public void A_rate_prints_as_the_shortest_text_that_yaml_reads_as_a_number(double rate, string expected) =>
        Assert.Equal(expected, LearningRateSetting.Fixed(rate).ToString());

    [Fact]
    public void Auto_prints_as_auto() => Assert.Equal("auto", LearningRateSetting.Auto.ToString());

    [Fact]
    public void Any_rate_reads_back_from_its_text() =>
        Gen.Double[double.Epsilon, double.MaxValue].Sample(rate =>
            LearningRateSetting.TryParse(LearningRateSetting.Fixed(rate).ToString(), out var again) && again == LearningRateSetting.Fixed(rate));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Auto")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("0,1")]
    public void Text_that_is_no_rate_is_not_read(string? text) => Assert.False(LearningRateSetting.TryParse(text, out _));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_number_that_is_no_rate_is_refused(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSetting.Fixed(value));
}
