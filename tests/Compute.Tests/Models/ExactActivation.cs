using ElasticityStream.Compute.Models;

namespace ElasticityStream.Compute.Tests.Models;

/// <summary>The activations from their definitions, in 384-bit arithmetic.</summary>
internal static class ExactActivation
{
    public static FixedPoint Value(Activation activation, FixedPoint z) => activation switch
    {
        Activation.Relu => z > 0 ? z : 0,
        // The slope is the float64 nearest to 0.01.
        Activation.LeakyRelu => z > 0 ? z : z * ActivationFunctions.LeakySlope,
        Activation.Tanh => (2 * FixedPoint.Sigmoid(2 * z)) - 1,
        Activation.Sigmoid => FixedPoint.Sigmoid(z),
        Activation.Gelu => z * FixedPoint.NormalDistribution(z),
        Activation.Identity => z,
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    public static FixedPoint Derivative(Activation activation, FixedPoint z) => activation switch
    {
        Activation.Relu => z > 0 ? 1 : 0,
        Activation.LeakyRelu => z > 0 ? 1 : ActivationFunctions.LeakySlope,
        Activation.Tanh => 4 * FixedPoint.Sigmoid(2 * z) * FixedPoint.Sigmoid(-2 * z),
        Activation.Sigmoid => FixedPoint.Sigmoid(z) * FixedPoint.Sigmoid(0 - z),
        Activation.Gelu => FixedPoint.NormalDistribution(z) + (z * FixedPoint.NormalDensity(z)),
        Activation.Identity => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>The largest |phi'|.</summary>
    public static double LargestSlope(Activation activation) => activation switch
    {
        Activation.Sigmoid => 0.25,
        Activation.Gelu => 1.13,
        _ => 1,
    };

    /// <summary>How far apart two values of phi can be.</summary>
    public static double Range(Activation activation) => activation switch
    {
        Activation.Sigmoid => 1,
        Activation.Tanh => 2,
        _ => double.PositiveInfinity,
    };
}
