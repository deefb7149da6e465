using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>
/// A fully connected network in plain loops of float64, with back-propagation by hand and no torch: what a step does to the outputs
/// is the difference of two complete forward passes.
/// </summary>
internal sealed class SlowNetwork
{
    private readonly NetworkSpec _spec;
    private readonly double[][,] _weights;
    private readonly double[][] _biases;

    public SlowNetwork(NetworkSpec spec, NetworkWeights weights)
    {
        _spec = spec;
        var widths = spec.Hidden.Prepend(spec.Inputs).Append(spec.Outputs).ToArray();
        _weights = new double[widths.Length - 1][,];
        _biases = new double[_weights.Length][];
        for (var l = 0; l < _weights.Length; l++)
        {
            _weights[l] = new double[widths[l + 1], widths[l]];
            Buffer.BlockCopy(weights[$"layer{l + 1}.weight"].Values, 0, _weights[l], 0, sizeof(double) * _weights[l].Length);
            _biases[l] = spec.Bias ? [.. weights[$"layer{l + 1}.bias"].Values] : new double[widths[l + 1]];
        }
    }

    private SlowNetwork(SlowNetwork other)
    {
        _spec = other._spec;
        _weights = [.. other._weights.Select(w => (double[,])w.Clone())];
        _biases = [.. other._biases.Select(b => (double[])b.Clone())];
    }

    public SlowNetwork Copy() => new(this);

    /// <summary>All weights and biases, layer by layer, weights first.</summary>
    public double[] Parameters() =>
        [.. _weights.Zip(_biases).SelectMany(layer => layer.First.Cast<double>().Concat(_spec.Bias ? layer.Second : []))];

    public double[] Outputs(ReadOnlySpan<double> x) => Forward(x).Activations[^1];

    /// <summary>w -= eta dL/dw, the gradient given by the outputs.</summary>
    public void Step(ReadOnlySpan<double> x, double[] outputGradient, double learningRate)
    {
        var (activations, preActivations) = Forward(x);
        var delta = outputGradient;
        for (var l = _weights.Length - 1; l >= 0; l--)
        {
            var below = new double[activations[l].Length];
            for (var i = 0; i < delta.Length; i++)
            {
                for (var k = 0; k < below.Length; k++)
                {
                    below[k] += _weights[l][i, k] * delta[i];
                    _weights[l][i, k] -= learningRate * delta[i] * activations[l][k];
                }

                if (_spec.Bias)
                    _biases[l][i] -= learningRate * delta[i];
            }

            if (l > 0)
                delta = [.. below.Zip(preActivations[l - 1], (b, z) => b * Derivative(z))];
        }
    }

    /// <summary>dL/d(outputs), the loss, and dL/d(prediction), from the definitions.</summary>
    public static (double[] OutputGradient, double Loss, double Gradient) Evaluate(Loss loss, Prediction prediction, double[] f, double y)
    {
        if (loss == Loss.Mse)
            return ([2 * (f[0] - y)], (f[0] - y) * (f[0] - y), 2 * (f[0] - y));
        if (loss == Loss.Bce)
        {
            var p = Sigmoid(f[0]);
            var value = -(y * Math.Log(p)) - ((1 - y) * Math.Log(1 - p));
            return ([p - y], value, prediction == Prediction.Logit ? p - y : (p - y) / (p * (1 - p)));
        }

        var sum = f.Sum(Math.Exp);
        double[] gradient = [.. f.Select((v, k) => (Math.Exp(v) / sum) - (k == (int)y ? 1 : 0))];
        return (gradient, Math.Log(sum) - f[(int)y], Math.Sqrt(gradient.Sum(g => g * g)));
    }

    public static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    /// <summary>phi(z).</summary>
    public static double Value(Activation activation, double z) => activation switch
    {
        Activation.Relu => Math.Max(z, 0),
        Activation.LeakyRelu => z > 0 ? z : 0.01 * z,
        Activation.Tanh => Math.Tanh(z),
        Activation.Sigmoid => Sigmoid(z),
        Activation.Gelu => z * NormalDistribution(z),
        _ => z,
    };

    private (double[][] Activations, double[][] PreActivations) Forward(ReadOnlySpan<double> x)
    {
        var activations = new double[_weights.Length + 1][];
        var preActivations = new double[_weights.Length][];
        activations[0] = x.ToArray();
        for (var l = 0; l < _weights.Length; l++)
        {
            var z = preActivations[l] = [.. _biases[l]];
            for (var i = 0; i < z.Length; i++)
            {
                for (var k = 0; k < activations[l].Length; k++)
                    z[i] += _weights[l][i, k] * activations[l][k];
            }

            activations[l + 1] = l < _weights.Length - 1 ? Array.ConvertAll(z, v => Value(_spec.Activation, v)) : z;
        }

        return (activations, preActivations);
    }

    private double Derivative(double z) => _spec.Activation switch
    {
        Activation.Relu => z > 0 ? 1 : 0,
        Activation.LeakyRelu => z > 0 ? 1 : 0.01,
        Activation.Tanh => 1 - (Math.Tanh(z) * Math.Tanh(z)),
        Activation.Sigmoid => Sigmoid(z) * (1 - Sigmoid(z)),
        Activation.Gelu => NormalDistribution(z) + (z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)),
        _ => 1,
    };

    private static double NormalDistribution(double z) => MathNet.Numerics.SpecialFunctions.Erfc(-z / Math.Sqrt(2)) / 2;
}
