using CsCheck;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Compute.Tests.Similarity;

public sealed class ClassContrastTests
{
    private static readonly Gen<(int[] Classes, (int Row, double[] Values)[] Updates)> Histories =
        from n in Gen.Int[1, 12]
        from classes in Gen.Int[0, 3].Array[n]
        from updates in Gen.Select(Gen.Int[0, n - 1], Gen.Double[-1, 1].Array[n]).Array[0, 30]
        select (classes, updates);

    [Fact]
    public void Contrast_is_the_mean_over_the_pairs_of_the_rows_measured_last() =>
        Histories.Sample(history =>
        {
            var accumulator = new ClassContrastAccumulator(history.Classes);
            var rows = new Dictionary<int, double[]>();
            foreach (var (row, values) in history.Updates)
            {
                accumulator.Update(row, values);
                rows[row] = values;
                AssertClose(SlowContrast.Of(history.Classes.Length, history.Classes, rows.Keys, (i, j) => rows[i][j]), accumulator.Contrast());
            }
        });

    [Fact]
    public void Contrast_without_pairs_is_undefined()
    {
        Assert.Equal(new ClassContrast(null, null), new ClassContrastAccumulator([]).Contrast());
        Assert.Equal(new ClassContrast(null, null), new ClassContrastAccumulator([0, 1]).Contrast());

        // One probe of each class: no pair within a class; one class: no pair between classes.
        var alone = new ClassContrastAccumulator([0, 1]);
        alone.Update(0, [1, 0.5]);
        Assert.Equal(new ClassContrast(null, 0.5), alone.Contrast());
        var single = new ClassContrastAccumulator([0, 0]);
        single.Update(1, [0.25, 1]);
        Assert.Equal(new ClassContrast(0.25, null), single.Contrast());
    }

    [Theory]
    [InlineData(0.3, 0.1, 0.75)]
    [InlineData(0.2, 0.2, 0.5)]
    [InlineData(0.0, 0.2, null)]
    [InlineData(0.2, 0.0, null)]
    [InlineData(-0.2, 0.2, null)]
    [InlineData(0.2, -0.1, null)]
    [InlineData(null, 0.2, null)]
    [InlineData(0.2, null, null)]
    public void Index_is_undefined_where_a_mean_is_missing_or_not_positive(double? same, double? different, double? expected)
    {
        var index = new ClassContrast(same, different).Index;
        Assert.Equal(expected.HasValue, index.HasValue);
        if (expected is { } value)
            Assert.Equal(value, index!.Value, 1e-15);
    }

    private static void AssertClose(ClassContrast expected, ClassContrast actual)
    {
        Assert.Equal(expected.SameClass.HasValue, actual.SameClass.HasValue);
        Assert.Equal(expected.DifferentClass.HasValue, actual.DifferentClass.HasValue);
        Assert.Equal(expected.SameClass ?? 0, actual.SameClass ?? 0, 1e-13);
        Assert.Equal(expected.DifferentClass ?? 0, actual.DifferentClass ?? 0, 1e-13);
    }
}
