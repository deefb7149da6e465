using ElasticityStream.Compute.Models.Layers;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Tests.Models;

public sealed class MaxPoolingTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 1e-12, 1.2e-7)]
    [InlineData(ScalarType.Float32, 1e-6, 1.2e-7)]
    [InlineData(ScalarType.Float32, 0.1, 1.2e-7)]
    [InlineData(ScalarType.Float32, 3.0, 1.2e-7)]
    [InlineData(ScalarType.Float64, 1e-12, 2.2e-16)]
    [InlineData(ScalarType.Float64, 0.1, 2.2e-16)]
    public void Difference_is_exact_to_rounding_however_small_the_changes_are(ScalarType precision, double size, double rounding)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        var a = rand([20, 3, 7, 6], precision, generator: generator);
        var change = rand([20, 3, 7, 6], precision, generator: generator).sub(0.5).mul(size);
        var (value, difference) = MaxPooling.Move(a, change);
        Assert.Equal(0, value.sub(MaxPooling.Value(a)).abs().max().to_type(ScalarType.Float64).item<double>());
        Assert.Equal([20L, 3, 3, 3], difference.shape);

        for (var i = 0; i < 20 * 3 * 9; i++)
        {
            var (b, c, row, column) = (i / 27, i / 9 % 3, i / 3 % 3, i % 3);
            // 28 digits: no rounding in these sums.
            var before = new List<decimal>();
            var after = new List<decimal>();
            for (var k = 0; k < 4; k++)
            {
                var (r, s) = ((2 * row) + (k / 2), (2 * column) + (k % 2));
                before.Add((decimal)a[b, c, r, s].to_type(ScalarType.Float64).item<double>());
                after.Add(before[^1] + (decimal)change[b, c, r, s].to_type(ScalarType.Float64).item<double>());
            }

            var expected = (double)(after.Max() - before.Max());
            var actual = difference[b, c, row, column].to_type(ScalarType.Float64).item<double>();
            // decimal reads a double as 15 digits: the bound for float64 is that of the conversion.
            Assert.Equal(expected, actual, (2 * rounding * Math.Abs(expected)) + (precision == ScalarType.Float64 ? 1e-15 : 0));
        }
    }

    [Fact]
    public void Difference_at_a_tie_is_the_largest_of_the_changes()
    {
        using var scope = NewDisposeScope();
        var a = tensor([0.5f, 0.5f, 0.5f, 0.25f]).reshape(1, 1, 2, 2);
        var change = tensor([-1e-9f, 2e-9f, 1e-9f, 1e-3f]).reshape(1, 1, 2, 2);
        Assert.Equal(2e-9f, MaxPooling.Move(a, change).Change.item<float>());
    }

    [Fact]
    public void Difference_where_all_four_are_dead_is_0()
    {
        using var scope = NewDisposeScope();
        var nothing = zeros(1, 1, 2, 2);
        Assert.Equal(0f, MaxPooling.Move(nothing, nothing).Change.item<float>());
    }

    [Fact]
    public void Difference_shows_a_value_that_overtakes_the_largest()
    {
        using var scope = NewDisposeScope();
        var a = tensor([1.0, 0.75, 0, -2]).reshape(1, 1, 2, 2);
        var change = tensor([-0.5, 0.125, 0.25, 0]).reshape(1, 1, 2, 2);
        Assert.Equal(-0.125, MaxPooling.Move(a, change).Change.item<double>());
    }

    [Fact]
    public void Difference_passes_on_a_NaN()
    {
        using var scope = NewDisposeScope();
        var a = tensor([1.0, double.NaN, 0, -2]).reshape(1, 1, 2, 2);
        Assert.True(double.IsNaN(MaxPooling.Move(a, ones_like(a)).Change.item<double>()));
    }
}
