using System.Numerics.Tensors;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Models;

/// <summary>
/// The activations of one sample in plain float64 loops: for the trainer, whose single rows are too small for torch calls. The same
/// functions as <see cref="ActivationFunctions"/>.
/// </summary>
internal static class ActivationVectors
{
    private const double InverseSqrt2 = 0.70710678118654752440;
    private const double InverseSqrt2Pi = 0.39894228040143267794;

    /// <summary>phi(z), elementwise.</summary>
    public static void Value(Activation activation, ReadOnlySpan<double> z, Span<double> result)
    {
        switch (activation)
        {
            case Activation.Relu:
                TensorPrimitives.Max(z, 0.0, result);
                break;
            case Activation.LeakyRelu:
                // The slope is below 1: z where z > 0, slope z elsewhere.
                TensorPrimitives.Multiply(z, ActivationFunctions.LeakySlope, result);
                TensorPrimitives.Max(z, result, result);
                break;
            case Activation.Tanh:
                for (var i = 0; i < z.Length; i++)
                    result[i] = Math.Tanh(z[i]);
                break;
            case Activation.Sigmoid:
                for (var i = 0; i < z.Length; i++)
                    result[i] = ProbabilityChange.Sigmoid(z[i]);
                break;
            case Activation.Gelu:
                for (var i = 0; i < z.Length; i++)
                    result[i] = z[i] * NormalDistribution(z[i]);
                break;
            case Activation.Identity:
                z.CopyTo(result);
                break;
            default:
                throw Unknown(activation);
        }
    }

    /// <summary>vector *= phi'(z), elementwise.</summary>
    public static void MultiplyByDerivative(Activation activation, ReadOnlySpan<double> z, Span<double> vector)
    {
        switch (activation)
        {
            case Activation.Relu:
                for (var i = 0; i < z.Length; i++)
                    vector[i] = z[i] > 0 ? vector[i] : 0;
                break;
            case Activation.LeakyRelu:
                for (var i = 0; i < z.Length; i++)
                    vector[i] *= z[i] > 0 ? 1 : ActivationFunctions.LeakySlope;
                break;
            case Activation.Tanh:
                // 1 - tanh^2 = 4 sigmoid(2z) sigmoid(-2z): keeps its relative accuracy where tanh is close to 1.
                for (var i = 0; i < z.Length; i++)
                    vector[i] *= 4 * ProbabilityChange.Sigmoid(2 * z[i]) * ProbabilityChange.Sigmoid(-2 * z[i]);
                break;
            case Activation.Sigmoid:
                for (var i = 0; i < z.Length; i++)
                    vector[i] *= ProbabilityChange.Sigmoid(z[i]) * ProbabilityChange.Sigmoid(-z[i]);
                break;
            case Activation.Gelu:
                for (var i = 0; i < z.Length; i++)
                    vector[i] *= NormalDistribution(z[i]) + (z[i] * InverseSqrt2Pi * Math.Exp(-0.5 * z[i] * z[i]));
                break;
            case Activation.Identity:
                break;
            default:
                throw Unknown(activation);
        }
    }

    private static double NormalDistribution(double z) => MathNet.Numerics.SpecialFunctions.Erfc(-z * InverseSqrt2) / 2;

    private static ArgumentOutOfRangeException Unknown(Activation activation) =>
        new(nameof(activation), activation, "Not an activation.");
}
