using CsCheck;
using ElasticityStream.Streams.Validation;

namespace ElasticityStream.Streams.Tests.Validation;

public sealed class RejectedPositionsTests
{
    private static readonly Gen<(long Start, List<long> Positions)> Reported =
        from start in Gen.Long[0, 1_000_000_000_000]
        from offsets in Gen.Int[0, 5_000].HashSet[0, 100]
        select (start, offsets.Select(offset => start + offset).Order().ToList());

    [Fact]
    public void Count_is_exact_while_every_position_is_kept() => Reported.Sample(reported =>
    {
        var positions = Filled(reported, capacity: 100);
        foreach (var position in Around(reported))
            Assert.Equal(reported.Positions.Count(p => p < position), positions.CountBefore(position));
    });

    [Fact]
    public void Count_is_exact_from_the_oldest_kept_position_on_and_never_falls() =>
        Gen.Select(Reported, Gen.Int[1, 20]).Sample((reported, capacity) =>
        {
            var positions = Filled(reported, capacity);
            var oldest = reported.Positions.TakeLast(capacity).FirstOrDefault(reported.Start);
            var last = 0L;
            foreach (var position in Around(reported))
            {
                var count = positions.CountBefore(position);
                Assert.InRange(count, last, reported.Positions.Count);
                if (position >= oldest)
                    Assert.Equal(reported.Positions.Count(p => p < position), count);
                last = count;
            }
        });

    [Fact]
    public void Count_before_the_kept_positions_takes_the_others_for_evenly_spread()
    {
        var positions = new RejectedPositions(start: 1000, capacity: 10);
        for (var position = 1000; position < 2000; position += 10)
            positions.Add(position);

        // 90 positions are forgotten, from 1000 to 1890; the oldest kept is 1900.
        Assert.Equal([0L, 0, 45, 90, 91], new long[] { 0, 1000, 1450, 1900, 1901 }.Select(positions.CountBefore));
    }

    private static RejectedPositions Filled((long Start, List<long> Positions) reported, int capacity)
    {
        var positions = new RejectedPositions(reported.Start, capacity);
        reported.Positions.ForEach(positions.Add);
        return positions;
    }

    private static IEnumerable<long> Around((long Start, List<long> Positions) reported) =>
        reported.Positions.SelectMany(position => new[] { position - 1, position, position + 1 }).Prepend(reported.Start).Prepend(0).Distinct().Order();
}
