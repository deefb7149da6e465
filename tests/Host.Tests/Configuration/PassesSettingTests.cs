using CsCheck;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Tests.Configuration;

public sealed class PassesSettingTests
{
    [Fact]
    public void A_number_of_passes_equals_the_same_number_and_nothing_else()
    {
        Assert.Equal(PassesSetting.Unlimited, default);
        Assert.Equal(PassesSetting.Of(3), PassesSetting.Of(3));
        Assert.NotEqual(PassesSetting.Of(3), PassesSetting.Of(4));
        Assert.NotEqual(PassesSetting.Of(3), PassesSetting.Unlimited);
    }

    [Fact]
    public void A_number_of_passes_has_a_count_and_unlimited_has_none()
    {
        Assert.Equal((3, false, "3"), (PassesSetting.Of(3).Count, PassesSetting.Of(3).IsUnlimited, PassesSetting.Of(3).ToString()));
        Assert.Equal((null, true, "unlimited"), (PassesSetting.Unlimited.Count, PassesSetting.Unlimited.IsUnlimited, PassesSetting.Unlimited.ToString()));
    }

    [Fact]
    public void Any_setting_reads_back_from_its_text() => Gen.Int[1, int.MaxValue].Nullable().Sample(count =>
    {
        var setting = count is { } number ? PassesSetting.Of(number) : PassesSetting.Unlimited;
        return PassesSetting.TryParse(setting.ToString(), out var again) && again == setting;
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Unlimited")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData(" 1")]
    [InlineData("2147483648")]
    public void Text_that_is_no_number_of_passes_is_not_read(string? text) => Assert.False(PassesSetting.TryParse(text, out _));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_number_that_is_none_of_passes_is_refused(int count) => Assert.Throws<ArgumentOutOfRangeException>(() => PassesSetting.Of(count));
}
