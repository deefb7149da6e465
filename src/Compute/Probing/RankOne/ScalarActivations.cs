using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>The activations at one number, in float64: value, derivative, and the difference of two values without subtracting them.</summary>
internal static class ScalarActivations
{
    private const double InverseSqrt2 = 0.70710678118654752440;
    private const double InverseSqrt2Pi = 0.39894228040143267794;
    private const double LongestIntegral = 0.25;

    /// <summary>phi(z).</summary>
    public static double Value(Activation activation, double z) => activation switch
    {
        Activation.Relu => Math.Max(z, 0),
        Activation.LeakyRelu => z > 0 ? z : ActivationFunctions.LeakySlope * z,
        Activation.Tanh => Math.Tanh(z),
        Activation.Sigmoid => ProbabilityChange.Sigmoid(z),
        Activation.Gelu => z * NormalDistribution(z),
        Activation.Identity => z,
        _ => throw Unknown(activation),
    };

    /// <summary>phi'(z); at the kink of a ReLU the slope on its left.</summary>
    public static double Derivative(Activation activation, double z) => activation switch
    {
        Activation.Relu => z > 0 ? 1 : 0,
        Activation.LeakyRelu => z > 0 ? 1 : ActivationFunctions.LeakySlope,
        Activation.Tanh => 4 * ProbabilityChange.Sigmoid(2 * z) * ProbabilityChange.Sigmoid(-2 * z),
        Activation.Sigmoid => ProbabilityChange.Sigmoid(z) * ProbabilityChange.Sigmoid(-z),
        Activation.Gelu => NormalDistribution(z) + (z * NormalDensity(z)),
        Activation.Identity => 1,
        _ => throw Unknown(activation),
    };

    /// <summary>phi(z + d) - phi(z).</summary>
    public static double Difference(Activation activation, double z, double d) => activation switch
    {
        Activation.Relu => ReluDifference(z, d),
        Activation.LeakyRelu => ((1 - ActivationFunctions.LeakySlope) * ReluDifference(z, d)) + (ActivationFunctions.LeakySlope * d),
        Activation.Tanh => 2 * ProbabilityChange.Of(2 * z, 2 * d),
        Activation.Sigmoid => ProbabilityChange.Of(z, d),
        Activation.Gelu => (d * NormalDistribution(z + d)) + (z * NormalDifference(z, d)),
        Activation.Identity => d,
        _ => throw Unknown(activation),
    };

    private static double ReluDifference(double z, double d) => Math.Max(Math.Min(z, 0) + d, Math.Min(z, 0) - z);

    // F(z + d) - F(z): over a short interval the integral of the density as its Taylor series about the middle, up to d^9; over a long one a difference of tails, which no longer cancels.
    private static double NormalDifference(double z, double d)
    {
        if (Math.Abs(d) > LongestIntegral)
            return z > 0 ? NormalDistribution(-z) - NormalDistribution(-z - d) : NormalDistribution(z + d) - NormalDistribution(z);
        var middle = z + (d / 2);
        var (s, q) = (middle * middle, d * d / 4);
        // Hermite polynomials of even degree: the even derivatives of the density over the density.
        var second = s - 1;
        var fourth = (s * (s - 6)) + 3;
        var sixth = (s * ((s * (s - 15)) + 45)) - 15;
        var eighth = (s * ((s * ((s * (s - 28)) + 210)) - 420)) + 105;
        var series = 1 + (q * ((second / 6) + (q * ((fourth / 120) + (q * ((sixth / 5040) + (q * eighth / 362880)))))));
        return NormalDensity(middle) * d * series;
    }

    private static double NormalDensity(double z) => InverseSqrt2Pi * Math.Exp(-0.5 * z * z);

    private static double NormalDistribution(double z) => 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-z * InverseSqrt2);

    private static ArgumentOutOfRangeException Unknown(Activation activation) => new(nameof(activation), activation, "Not an activation.");
}
