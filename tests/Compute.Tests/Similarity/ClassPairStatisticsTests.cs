using CsCheck;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Compute.Tests.Similarity;

public sealed class ClassPairStatisticsTests
{
    private const int Classes = 4;

    private static readonly Gen<(int[] ProbeClasses, (int From, int Self, double[] Row)[] Steps)> Intervals =
        from n in Gen.Int[1, 8]
        from probeClasses in Gen.Int[0, Classes - 1].Array[n]
        from steps in Gen.Select(Gen.Int[0, Classes - 1], Gen.Int[-1, n - 1], Gen.Double[-1, 1].Array[n]).Array[0, 20]
        select (probeClasses, steps);

    [Fact]
    public void Class_pair_means_are_those_of_a_loop_over_all_pairs_without_the_sample_itself() =>
        Intervals.Sample(interval =>
        {
            var statistics = new ClassPairStatistics(interval.ProbeClasses, Classes);
            var pairs = new SortedDictionary<(int From, int To), List<double>>();
            foreach (var (from, self, row) in interval.Steps)
            {
                statistics.Add(from, row, self);
                for (var j = 0; j < row.Length; j++)
                {
                    if (j == self)
                        continue;
                    var key = (from, interval.ProbeClasses[j]);
                    pairs.TryAdd(key, []);
                    pairs[key].Add(row[j]);
                }
            }

            var means = statistics.Take();
            Assert.Equal(pairs.Keys, means.Select(m => (m.From, m.To)));
            Assert.Equal(pairs.Values.Select(v => (long)v.Count), means.Select(m => m.Count));
            foreach (var (expected, actual) in pairs.Values.Zip(means))
                Assert.Equal(expected.Average(), actual.Mean, 1e-13);
        });

    [Fact]
    public void Class_pair_statistics_start_again_after_they_are_taken()
    {
        var statistics = new ClassPairStatistics([0, 1], 2);
        statistics.Add(0, [1, 2], self: -1);
        Assert.Equal([new ClassPairMean(0, 0, 1, 1), new ClassPairMean(0, 1, 2, 1)], statistics.Take());
        Assert.Empty(statistics.Take());
        statistics.Add(1, [5, 6], self: 1);
        Assert.Equal([new ClassPairMean(1, 0, 5, 1)], statistics.Take());
    }
}
