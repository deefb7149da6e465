using ElasticityStream.Compute.Models;

namespace ElasticityStream.Compute.Tests.Probing.RankOne;

/// <summary>
/// A network with one hidden layer, one output and squared error in plain float64 loops, step by step, with the pre-activations of n probes carried
/// along: fast enough for thousands of steps. Its perturbations are differences of two predictions.
/// </summary>
internal sealed class CarriedReference
{
    private readonly Activation _activation;
    private readonly int _hidden;
    private readonly double[][] _probes;
    private readonly double[][] _weights;
    private readonly double[] _biases;
    private readonly double[] _outputWeights;
    private readonly double[][] _preActivations;
    private double _outputBias;

    public CarriedReference(NetworkSpec network, NetworkWeights weights, double[][] probes)
    {
        _activation = network.Activation;
        _hidden = network.Hidden[0];
        _probes = probes;
        _weights = [.. weights["layer1.weight"].Values.Chunk(network.Inputs)];
        _biases = [.. weights["layer1.bias"].Values];
        _outputWeights = [.. weights["layer2.weight"].Values];
        _outputBias = weights["layer2.bias"].Values[0];
        _preActivations = [.. probes.Select(PreActivations)];
    }

    /// <summary>Takes a step and returns how it moves the prediction at each probe.</summary>
    public double[] Step(double[] x, double y, double rate)
    {
        var z = PreActivations(x);
        var gamma = rate * 2 * (Predict(z) - y);
        var before = Array.ConvertAll(_preActivations, Predict);
        var deltas = new double[_hidden];
        for (var i = 0; i < _hidden; i++)
        {
            deltas[i] = gamma * _outputWeights[i] * Derivative(z[i]);
            _outputWeights[i] -= gamma * Value(z[i]);
            for (var k = 0; k < x.Length; k++)
                _weights[i][k] -= deltas[i] * x[k];
            _biases[i] -= deltas[i];
        }

        _outputBias -= gamma;
        for (var j = 0; j < _probes.Length; j++)
        {
            var overlap = Dot(_probes[j], x) + 1;
            for (var i = 0; i < _hidden; i++)
                _preActivations[j][i] -= overlap * deltas[i];
        }

        return [.. _preActivations.Zip(before, (after, b) => Predict(after) - b)];
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++)
            sum += a[k] * b[k];
        return sum;
    }

    private double[] PreActivations(double[] x) => [.. _weights.Select((w, i) => Dot(w, x) + _biases[i])];

    private double Predict(double[] z)
    {
        var sum = _outputBias;
        for (var i = 0; i < z.Length; i++)
            sum += _outputWeights[i] * Value(z[i]);
        return sum;
    }

    private double Value(double z) => _activation switch
    {
        Activation.Relu => Math.Max(z, 0),
        Activation.LeakyRelu => z > 0 ? z : 0.01 * z,
        Activation.Tanh => Math.Tanh(z),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-z)),
        Activation.Gelu => z * 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-z / Math.Sqrt(2)),
        _ => z,
    };

    private double Derivative(double z) => _activation switch
    {
        Activation.Relu => z > 0 ? 1 : 0,
        Activation.LeakyRelu => z > 0 ? 1 : 0.01,
        Activation.Tanh => 1 - (Math.Tanh(z) * Math.Tanh(z)),
        Activation.Sigmoid => Value(z) * (1 - Value(z)),
        Activation.Gelu => (0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-z / Math.Sqrt(2))) + (z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)),
        _ => 1,
    };
}
