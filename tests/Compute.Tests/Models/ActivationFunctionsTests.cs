using ElasticityStream.Compute.Models;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Tests.Models;

/// <summary>Every activation in both precisions, over saturated tails, zeros, kinks and crossings, against 384-bit arithmetic.</summary>
public sealed class ActivationFunctionsTests
{
    // Half a unit in the last place of 1.
    private const double Float32 = 6e-8;
    private const double Float64 = 1.1e-16;

    private static readonly double[] PreActivations =
    [
        .. new[] { 0, 1e-12, 1e-6, 1e-3, 0.1, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 13, 17, 20, 30, 45, 60, 80, 85, 90 }
            .SelectMany(z => new[] { z, -z }).Distinct(),
    ];

    private static readonly double[] Changes =
    [
        .. new[] { 0, 1e-12, 1e-9, 1e-6, 1e-4, 1e-2, 0.1, 0.3, 0.5, 0.51, 0.9, 1, 1.01, 1.5, 2, 4, 7, 10, 20, 45, 60, 90, 100, 170, 200 }
            .SelectMany(dz => new[] { dz, -dz }).Distinct(),
    ];

    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Difference_is_exact_to_rounding_in_float64(Activation activation) =>
        // GELU's is a quadrature.
        CheckDifference(activation, ScalarType.Float64, activation == Activation.Gelu ? 1e-13 : 16 * Float64);

    [Theory]
    [MemberData(nameof(Activations))]
    public void Difference_is_exact_to_rounding_in_float32(Activation activation) =>
        CheckDifference(activation, ScalarType.Float32, 6 * Float32);

    [Theory]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Tanh)]
    public void Difference_of_a_sigmoid_keeps_its_own_digits_in_the_tails(Activation activation)
    {
        var points = Grid().Where(p => p.Dz != 0 && Math.Abs(p.Z) <= 20 && Math.Abs(p.Z + p.Dz) <= 20).ToArray();
        foreach (var ((z, dz), actual) in points.Zip(Differences(activation, points, ScalarType.Float64)))
        {
            var expected = Expected(activation, z, dz);
            // exp of the pre-activation: a relative error of |z| units.
            Assert.InRange(actual, Low(expected, 60 * Float64), High(expected, 60 * Float64));
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Difference_is_0_when_nothing_moves_and_never_NaN(Activation activation)
    {
        foreach (var precision in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var points = Grid().Concat([(1e38, -1e38), (-1e38, 1e38), (1e38, 1), (-1e38, 1), (0, 1e38), (0, -1e38)]).ToArray();
            foreach (var (point, actual) in points.Zip(Differences(activation, points, precision)))
            {
                Assert.True(double.IsFinite(actual), $"{point}: {actual}");
                if (point.Item2 == 0)
                    Assert.Equal(0, actual);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Difference_passes_a_NaN_on(Activation activation)
    {
        foreach (var actual in Differences(activation, [(0, double.NaN), (1, double.NaN), (-1, double.NaN)], ScalarType.Float32))
            Assert.Equal(double.NaN, actual);
    }

    [Theory]
    [InlineData(Activation.Relu, 0, 2, 2)]
    [InlineData(Activation.Relu, 0, -2, 0)]
    [InlineData(Activation.Relu, 1.5, -2, -1.5)]
    [InlineData(Activation.Relu, -1.5, 2, 0.5)]
    [InlineData(Activation.Relu, -1.5, 1.5, 0)]
    [InlineData(Activation.Relu, -1.5, 1, 0)]
    [InlineData(Activation.LeakyRelu, 0, -2, -0.02)]
    [InlineData(Activation.LeakyRelu, 1.5, -2, -1.505)]
    [InlineData(Activation.LeakyRelu, -1.5, 2, 0.515)]
    public void Difference_stops_and_starts_at_the_kink(Activation activation, double z, double dz, double expected) =>
        Assert.Equal(expected, Differences(activation, [(z, dz)], ScalarType.Float64)[0], 1e-15);

    [Theory]
    [MemberData(nameof(Activations))]
    public void Value_agrees_with_the_definition(Activation activation)
    {
        foreach (var (precision, unit) in new[] { (ScalarType.Float32, Float32), (ScalarType.Float64, Float64) })
        {
            using var scope = NewDisposeScope();
            var z = Rounded(PreActivations, precision);
            var actual = Staging.ToDoubles(ActivationFunctions.Value(activation, Staging.ToTensor(z, z.Length, precision, CPU)));
            for (var i = 0; i < z.Length; i++)
            {
                var expected = (double)ExactActivation.Value(activation, z[i]);
                // Torch's GELU subtracts in its lower tail: as exact as z is.
                var scale = activation == Activation.Gelu ? Math.Abs(z[i]) : Math.Abs(expected);
                Assert.Equal(expected, actual[i], (4 * unit * scale) + 1e-38);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Derivative_agrees_with_the_definition_also_where_it_vanishes(Activation activation)
    {
        foreach (var (precision, unit) in new[] { (ScalarType.Float32, Float32), (ScalarType.Float64, Float64) })
        {
            using var scope = NewDisposeScope();
            var z = Rounded(PreActivations, precision);
            var actual = Staging.ToDoubles(ActivationFunctions.Derivative(activation, Staging.ToTensor(z, z.Length, precision, CPU)));
            for (var i = 0; i < z.Length; i++)
            {
                var expected = (double)ExactActivation.Derivative(activation, z[i]);
                var scale = activation == Activation.Gelu ? 1 : Math.Abs(expected);
                Assert.Equal(expected, actual[i], (8 * unit * scale) + 1e-38);
            }
        }
    }

    [Fact]
    public void Derivative_at_the_kink_is_the_slope_on_the_left()
    {
        using var scope = NewDisposeScope();
        var z = zeros(1, dtype: ScalarType.Float64);
        Assert.Equal(0, ActivationFunctions.Derivative(Activation.Relu, z).item<double>());
        Assert.Equal(0.01, ActivationFunctions.Derivative(Activation.LeakyRelu, z).item<double>(), 1e-16);
    }

    [Fact]
    public void Activation_names_are_those_of_study_files() =>
        Assert.Equal(
            ["relu", "leaky-relu", "tanh", "sigmoid", "gelu", "identity"], Enum.GetValues<Activation>().Select(ActivationFunctions.Name));

    private static void CheckDifference(Activation activation, ScalarType precision, double tolerance)
    {
        var points = Grid().Select(p => (Rounded([p.Z], precision)[0], Rounded([p.Dz], precision)[0])).ToArray();
        foreach (var ((z, dz), actual) in points.Zip(Differences(activation, points, precision)))
        {
            var error = Math.Abs(actual - Expected(activation, z, dz));
            var scale = Math.Min(Math.Abs(dz) * ExactActivation.LargestSlope(activation), ExactActivation.Range(activation));
            Assert.True(error <= tolerance * scale, $"z = {z:r}, dz = {dz:r}: off by {error / scale:e2} of the largest change.");
        }
    }

    private static double Expected(Activation activation, double z, double dz)
    {
        FixedPoint before = z, change = dz;
        return (double)(ExactActivation.Value(activation, before + change) - ExactActivation.Value(activation, before));
    }

    private static IEnumerable<(double Z, double Dz)> Grid() => PreActivations.SelectMany(z => Changes.Select(dz => (z, dz)));

    private static double[] Differences(Activation activation, (double Z, double Dz)[] points, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        var z = Staging.ToTensor(points.Select(p => p.Z).ToArray(), points.Length, precision, CPU);
        var dz = Staging.ToTensor(points.Select(p => p.Dz).ToArray(), points.Length, precision, CPU);
        return Staging.ToDoubles(ActivationFunctions.Difference(activation, z, dz));
    }

    private static double[] Rounded(double[] values, ScalarType precision) =>
        precision == ScalarType.Float32 ? Array.ConvertAll(values, v => (double)(float)v) : values;

    private static double Low(double value, double relative) => value - (relative * Math.Abs(value));

    private static double High(double value, double relative) => value + (relative * Math.Abs(value));
}
