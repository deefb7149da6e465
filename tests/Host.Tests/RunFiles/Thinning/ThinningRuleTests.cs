using CsCheck;
using ElasticityStream.Host.RunFiles.Thinning;

namespace ElasticityStream.Host.Tests.RunFiles.Thinning;

public sealed class ThinningRuleTests
{
    [Fact]
    public void Items_that_stay_are_bounded_and_what_goes_never_comes_back() =>
        Gen.Select(Gen.Long[1, 2_000_000], Gen.Int[0, 12], Gen.Long[0, 1L << 45], Gen.Long[0, 1L << 45]).Sample((keep, log, one, other) =>
        {
            var rule = new ThinningRule(keep, 1L << log);
            var (less, more) = (Math.Min(one, other), Math.Max(one, other));
            Assert.InRange(more - rule.Horizon(more), Math.Min(more, keep), keep + rule.Window);
            Assert.Equal(0, rule.Horizon(more) % rule.Window);
            Assert.InRange(rule.Horizon(more) >> rule.Level(more), 0, keep);
            Assert.True(rule.Level(more) == 0 || rule.Horizon(more) >> (rule.Level(more) - 1) > keep);
            Assert.True(rule.Horizon(less) <= rule.Horizon(more) && rule.Level(less) <= rule.Level(more));
        });

    [Fact]
    public void Nothing_is_thinned_when_all_is_among_the_newest() =>
        Gen.Select(Gen.Long[1, 1_000_000], Gen.Long[0, 1_000_000]).Where((keep, count) => count <= keep)
            .Sample((keep, count) => Assert.Equal((0, 0), (ThinningRule.OfSteps(keep).Horizon(count), ThinningRule.OfSteps(keep).Level(count))));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1_000, 1)]
    [InlineData(2_048, 2)]
    [InlineData(1_000_000, 512)]
    public void Steps_grow_old_in_windows_that_are_few(long keep, long window) => Assert.Equal(window, ThinningRule.OfSteps(keep).Window);
}
