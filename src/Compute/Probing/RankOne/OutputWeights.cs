using ElasticityStream.Compute.Models;
using TorchSharp.Modules;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>The weights from the hidden units to the K outputs, and the outputs' biases, in float64: a sum in float32 would lose what the fit has gained.</summary>
internal sealed class OutputWeights
{
    private readonly double[] _weights;
    private readonly double[]? _biases;
    private readonly int _outputs;
    private readonly int _hidden;

    /// <summary>Reserves the memory.</summary>
    /// <param name="network">One hidden layer.</param>
    public OutputWeights(NetworkSpec network)
    {
        _outputs = network.Outputs;
        _hidden = network.Hidden[0];
        _weights = new double[_outputs * _hidden];
        _biases = network.Bias ? new double[_outputs] : null;
    }

    /// <summary>Takes the parameters of a layer.</summary>
    public void Take(Linear layer)
    {
        Staging.View<double>(layer.weight!).CopyTo(_weights);
        if (_biases is not null)
            Staging.View<double>(layer.bias!).CopyTo(_biases);
    }

    /// <summary>Writes them back.</summary>
    public void CopyTo(Linear layer)
    {
        _weights.CopyTo(Staging.View<double>(layer.weight!));
        _biases?.CopyTo(Staging.View<double>(layer.bias!));
    }

    /// <summary>The outputs where no hidden unit is active.</summary>
    public double[] Begin() => _biases is null ? new double[_outputs] : [.. _biases];

    /// <summary>Adds what some hidden units contribute to each output.</summary>
    /// <param name="values">The units' values.</param>
    /// <param name="first">The first unit.</param>
    /// <param name="outputs">K sums.</param>
    public void AddTo(ReadOnlySpan<double> values, int first, Span<double> outputs)
    {
        for (var k = 0; k < _outputs; k++)
            outputs[k] += TensorPrimitives.Dot(values, Weights(k, first, values.Length));
    }

    /// <summary>sum over k of factors_k w_k for some units.</summary>
    public void Combine(double[] factors, int first, Span<double> sum)
    {
        TensorPrimitives.Multiply(Weights(0, first, sum.Length), factors[0], sum);
        for (var k = 1; k < _outputs; k++)
            TensorPrimitives.MultiplyAdd(Weights(k, first, sum.Length), factors[k], sum, sum);
    }

    /// <summary>w_k -= gamma_k a for some units.</summary>
    public void Descend(double[] gammas, ReadOnlySpan<double> activations, int first)
    {
        for (var k = 0; k < _outputs; k++)
        {
            var weights = Weights(k, first, activations.Length);
            TensorPrimitives.MultiplyAdd(activations, -gammas[k], weights, weights);
        }
    }

    /// <summary>b_k -= gamma_k.</summary>
    public void DescendBiases(double[] gammas)
    {
        if (_biases is not null)
            TensorPrimitives.Subtract(_biases, gammas, _biases);
    }

    /// <summary>Names them.</summary>
    public void Transfer(StateTransfer state)
    {
        state.Values("output-weights", _weights.AsSpan());
        if (_biases is not null)
            state.Values("output-biases", _biases.AsSpan());
    }

    private Span<double> Weights(int output, int first, int count) => _weights.AsSpan((output * _hidden) + first, count);
}
