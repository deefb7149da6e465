using ElasticityStream.Streams.Tests.Fixtures;

namespace ElasticityStream.Streams.Tests;

public sealed class SampleSetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SampleSet_opens_at_the_next_position_when_there_are_gaps()
    {
        var source = new ListSource([ListSource.SampleAt(2), ListSource.SampleAt(5), ListSource.SampleAt(9)], ListSource.OneFeature(10));

        var set = await SampleSet.LoadAsync(source, Cancellation);

        Assert.Equal(3, set.Schema.Count);
        Assert.Equal([2L, 5, 9], (await set.AllAsync()).Select(sample => sample.Position));
        Assert.Equal([5L, 9], (await set.AllAsync(3)).Select(sample => sample.Position));
        Assert.Equal([9L], (await set.AllAsync(9)).Select(sample => sample.Position));
        Assert.Empty(await set.AllAsync(10));
    }

    [Fact]
    public async Task SampleSet_is_not_copied_when_loaded_again()
    {
        var set = await SampleSet.LoadAsync(ListSource.Of(3), Cancellation);

        Assert.Same(set, await SampleSet.LoadAsync(set, Cancellation));
    }

    [Fact]
    public async Task SampleSet_refuses_a_source_that_emits_nothing() =>
        await Assert.ThrowsAsync<SampleSourceException>(() => SampleSet.LoadAsync(ListSource.Of(0), Cancellation));

    [Fact]
    public async Task SampleSet_refuses_positions_that_do_not_ascend()
    {
        var source = new ListSource([ListSource.SampleAt(1), ListSource.SampleAt(1)], ListSource.OneFeature(2));

        await Assert.ThrowsAsync<SampleSourceException>(() => SampleSet.LoadAsync(source, Cancellation));
    }
}
