using ElasticityStream.Host.Live;

namespace ElasticityStream.Host.Tests.Live;

public sealed class LiveHistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 30, 5, TimeSpan.Zero);

    private readonly LiveHistory _history = new([]);

    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(100_000)]
    public void Rows_are_bounded_evenly_spread_and_reach_from_the_first_to_the_latest(int moments)
    {
        var snapshot = AddAll(moments);
        var seconds = snapshot.From(0).Select(r => (r.At! - Start).Value.TotalSeconds).ToArray();
        Assert.InRange(seconds.Length, Math.Min(moments, LiveHistory.MostRows / 2), LiveHistory.MostRows);
        Assert.Equal(0, seconds[0]);
        Assert.Equal(moments - 1, (snapshot.Latest.At! - Start).Value.TotalSeconds);
        var steps = seconds.Zip(seconds.Skip(1), (a, b) => b - a).Distinct().ToArray();
        Assert.True(steps.Length <= 1, string.Join(", ", steps));
        Assert.All(snapshot.From(0), r => Assert.Equal((r.At! - Start).Value.TotalSeconds, r.Values[0]));
    }

    [Fact]
    public void Snapshot_does_not_change_when_more_is_added()
    {
        var early = AddAll(LiveHistory.MostRows - 1);
        var before = early.From(0).ToArray();
        for (var k = 0; k < 3 * LiveHistory.MostRows; k++)
            Add(LiveHistory.MostRows + k);
        Assert.Equal(LiveHistory.MostRows - 1, before.Length);
        Assert.Equal(before, early.From(0));
    }

    [Fact]
    public void Rows_are_only_added_while_the_generation_stays()
    {
        var before = Add(0);
        for (var k = 1; k < 5_000; k++)
        {
            var now = Add(k);
            if (now.Generation == before.Generation)
                Assert.Equal(before.From(0), now.From(0).Take(before.Count));
            before = now;
        }

        Assert.True(before.Generation > 1);
    }

    [Fact]
    public void Past_stays_in_front_whole_however_long_the_run_goes_on()
    {
        var history = new LiveHistory([[(Series("loss"), 4)], [(Series("loss"), 2), (Series("index"), 0.5)]]);
        LiveHistorySnapshot? snapshot = null;
        for (var k = 0; k < 3 * LiveHistory.MostRows; k++)
            snapshot = history.Add(Start.AddSeconds(k), [(Series("memory"), k), (Series("loss"), 1)]);
        Assert.Equal(["loss", "index", "memory"], snapshot!.Series.Select(s => s.Name));
        Assert.Equal<double?[]>([[4], [2, 0.5]], snapshot.Past.Select(r => r.Values));
        Assert.All(snapshot.Past, r => Assert.Null(r.At));
        Assert.Equal([.. snapshot.Past, .. snapshot.From(0)], snapshot.All);
        Assert.Equal([1, null, 0], snapshot.From(0).First().Values);
    }

    [Fact]
    public void Series_that_comes_later_has_no_value_before_and_too_many_are_left_out()
    {
        Add(0);
        var snapshot = _history.Add(
            Start.AddSeconds(1), [.. Enumerable.Range(0, LiveHistory.MostSeries + 10).Select(k => (Series($"s{k}"), (double)k))]);
        Assert.Equal(LiveHistory.MostSeries, snapshot.Series.Length);
        Assert.Equal("loss", snapshot.Series[0].Name);
        Assert.Equal([.. new double?[] { null }, .. Enumerable.Range(0, LiveHistory.MostSeries - 1).Select(k => (double?)k)], snapshot.Latest.Values);
        Assert.Equal([0.0], snapshot.From(0).First().Values);
    }

    private static LiveSeries Series(string name) => new(name, new Dictionary<string, string> { ["model"] = "main" });

    private LiveHistorySnapshot Add(int second) => _history.Add(Start.AddSeconds(second), [(Series("loss"), second)]);

    private LiveHistorySnapshot AddAll(int moments)
    {
        var snapshot = Add(0);
        for (var k = 1; k < moments; k++)
            snapshot = Add(k);
        return snapshot;
    }
}
