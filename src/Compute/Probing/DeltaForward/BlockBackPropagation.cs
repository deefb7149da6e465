using System.Numerics.Tensors;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Forward and backward passes of the samples of a block, one after the other, at weights that stay where they were before the block:
/// with u_c and a_c of the earlier steps, z = W a + b - sum over c of (a_c . a + 1) u_c, and W_b^T u = W^T u - sum over c of
/// (u_c . u) a_c. Where a connection skips a layer, its input is added to what the next one gets, and the gradient by that to the gradient by its
/// input. Plain float64 vectors outside torch; the weights are read twice a step and written once a block (docs/probing.md).
/// </summary>
internal sealed class BlockBackPropagation
{
    private readonly Activation _activation;
    private readonly bool _bias;
    private readonly bool _applied;
    private readonly bool[] _skips;
    private readonly double[] _skipped;
    private readonly IReadOnlyList<LayerWeights> _upperWeights;
    private readonly IReadOnlyList<double[]> _upperBiases;

    /// <summary>Begins a block.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="samples">B x d, row-major.</param>
    /// <param name="firstLayer">B x h_1: the samples' pre-activations in the first layer at the weights before the block.</param>
    /// <param name="upperWeights">Those of the second layer and above.</param>
    /// <param name="upperBiases">Theirs; empty without biases.</param>
    /// <param name="applied">Whether each step starts from the weights after the one before, or all from those before the block.</param>
    public BlockBackPropagation(
        NetworkSpec spec, ReadOnlySpan<double> samples, double[] firstLayer, IReadOnlyList<LayerWeights> upperWeights,
        IReadOnlyList<double[]> upperBiases, bool applied)
    {
        int[] widths = [spec.Inputs, .. spec.Hidden, spec.Outputs];
        Steps = samples.Length / spec.Inputs;
        _activation = spec.Activation;
        _bias = spec.Bias;
        _applied = applied;
        _skips = Stage.Skips(spec);
        _skipped = new double[widths.Max()];
        _upperWeights = upperWeights;
        _upperBiases = upperBiases;
        Inputs = [samples.ToArray(), .. spec.Hidden.Select(h => new double[Steps * h])];
        Deltas = [.. widths.Skip(1).Select(h => new double[Steps * h])];
        PreActivations = [firstLayer, .. widths.Skip(2).Select(h => new double[Steps * h])];
        Layers = widths.Length - 1;
    }

    /// <summary>B.</summary>
    public int Steps { get; }

    /// <summary>The number of layers, L.</summary>
    public int Layers { get; }

    /// <summary>B x h_(l-1) of every layer: a, its input at the sample before the step.</summary>
    public IReadOnlyList<double[]> Inputs { get; }

    /// <summary>B x h_l of every layer: z at the sample before the step; the last are the outputs.</summary>
    public IReadOnlyList<double[]> PreActivations { get; }

    /// <summary>B x h_l of every layer: u, the output gradient propagated back to z and scaled as it was.</summary>
    public IReadOnlyList<double[]> Deltas { get; }

    /// <summary>The forward pass of step <paramref name="b"/>, after both passes of all earlier steps.</summary>
    /// <returns>The K outputs.</returns>
    public ReadOnlySpan<double> Forward(int b)
    {
        for (var l = 0; ; l++)
        {
            var input = Row(Inputs[l], b);
            var z = Row(PreActivations[l], b);
            if (l > 0)
            {
                _upperWeights[l - 1].Multiply(input, z);
                if (_bias)
                    TensorPrimitives.Add(z, _upperBiases[l - 1], z);
            }

            if (_applied)
                Correct(z, Inputs[l], Deltas[l], b, _bias ? 1 : 0);
            if (l == Layers - 1)
                return z;
            var next = Row(Inputs[l + 1], b);
            ActivationVectors.Value(_activation, z, next);
            if (_skips[l])
                TensorPrimitives.Add(next, input, next);
        }
    }

    /// <summary>The backward pass of step <paramref name="b"/>, into <see cref="Deltas"/>.</summary>
    /// <param name="b">The step.</param>
    /// <param name="outputGradient">K values, dL/d(outputs).</param>
    /// <param name="scale">What to multiply them with: eta.</param>
    public void Backward(int b, ReadOnlySpan<double> outputGradient, double scale)
    {
        TensorPrimitives.Multiply(outputGradient, scale, Row(Deltas[^1], b));
        for (var l = Layers - 1; l > 0; l--)
        {
            var below = Row(Deltas[l - 1], b);
            _upperWeights[l - 1].MultiplyTransposed(Row(Deltas[l], b), below);
            if (_applied)
                Correct(below, Deltas[l], Inputs[l], b, 0);
            if (_skips[l])
                TensorPrimitives.Add(below, _skipped.AsSpan(0, below.Length), below);
            if (_skips[l - 1])
                below.CopyTo(_skipped);
            ActivationVectors.MultiplyByDerivative(_activation, Row(PreActivations[l - 1], b), below);
        }
    }

    // result -= sum over c < b of (key_c . key_b + constant) value_c: the rank-one updates of the earlier steps.
    private void Correct(Span<double> result, double[] keys, double[] values, int b, double constant)
    {
        var key = Row(keys, b);
        for (var c = 0; c < b; c++)
            TensorPrimitives.MultiplyAdd(Row(values, c), -(TensorPrimitives.Dot<double>(Row(keys, c), key) + constant), result, result);
    }

    private Span<double> Row(double[] rows, int row) => rows.AsSpan(row * (rows.Length / Steps), rows.Length / Steps);
}
