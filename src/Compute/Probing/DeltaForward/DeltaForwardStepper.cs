using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Back-propagation by hand at one sample at a time: layer l takes the update dW = -u a^T, db = -u with u = eta dL/dz. In float64:
/// the rounding of float32 weights decides on which side of a ReLU's kink the trained sample ends up, which showed as errors of
/// 1.6e-5 in its own change (docs/adr/0004). It is one row a step; the n probes follow in float32.
/// </summary>
internal sealed class DeltaForwardStepper : ModuleStepper
{
    private readonly FullyConnectedNetwork _network;
    private readonly Activation _activation;
    private readonly Tensor[] _weights;
    private readonly Tensor?[] _biases;

    public DeltaForwardStepper(FullyConnectedNetwork network, LossFunction loss, Device device)
        : base(network, network.Spec.Outputs, loss, device)
    {
        _network = network;
        _activation = network.Spec.Activation;
        _weights = [.. network.Layers.Select(l => l.weight!)];
        _biases = [.. network.Layers.Select(l => l.bias)];
    }

    public override SteppedBlock Step(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, bool apply)
    {
        using var block = NewDisposeScope();
        using var noGrad = no_grad();
        var steps = labels.Length;
        var inputs = Staging.ToTensor(features, steps, ScalarType.Float64, Device);
        var results = new StepResult[steps];
        var directions = new double[Outputs > 1 ? steps * Outputs : 0];
        var layers = _network.Layers
            .Select(l => new LayerUpdate(new float[steps * l.weight!.shape[0]], new float[steps * l.weight.shape[1]])).ToArray();
        var outputGradient = new double[Outputs];

        for (var b = 0; b < steps; b++)
        {
            using var step = NewDisposeScope();
            var pass = Forward(inputs[b]);
            var loss = LossFunction.Evaluate(pass.Outputs, labels[b], outputGradient);
            if (!double.IsFinite(loss.Loss))
                throw new NonFiniteLossException(b, loss.Loss);
            if (Outputs > 1)
                Normalise(outputGradient, directions.AsSpan(b * Outputs, Outputs));

            var updates = Backward(pass, outputGradient, LearningRate);
            var change = SelfChange(pass, updates);
            for (var l = 0; l < layers.Length; l++)
            {
                Staging.CopyTo(updates[l], Slice(layers[l].Deltas, b, steps));
                Staging.CopyTo(pass.Inputs[l], Slice(layers[l].Inputs, b, steps));
                if (!apply)
                    continue;
                _weights[l].addr_(updates[l], pass.Inputs[l], beta: 1, alpha: -1);
                _biases[l]?.sub_(updates[l]);
            }

            results[b] = new StepResult(loss.Loss, loss.Prediction, loss.Gradient, loss.Correct, Measure(pass.Outputs, change));
        }

        return new SteppedBlock(results, new LowRankUpdateBlock(steps, apply, directions, layers));
    }

    public override double KernelDiagonal(ReadOnlySpan<double> features, double label)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var pass = Forward(Staging.ToTensor(features, 1, ScalarType.Float64, Device)[0]);
        var direction = new double[Outputs];
        if (Outputs == 1)
        {
            direction[0] = 1;
        }
        else
        {
            var gradient = new double[Outputs];
            LossFunction.Evaluate(pass.Outputs, label, gradient);
            Normalise(gradient, direction);
        }

        // The gradient by a layer's weights is the outer product of D and its input: the norms multiply.
        var derivatives = Backward(pass, direction, 1);
        var sum = 0.0;
        for (var l = 0; l < derivatives.Length; l++)
            sum += SquaredNorm(derivatives[l]) * (SquaredNorm(pass.Inputs[l]) + (_biases[l] is null ? 0 : 1));
        return sum;
    }

    private static double SquaredNorm(Tensor vector) => vector.dot(vector).item<double>();

    private static Span<float> Slice(float[] rows, int row, int count) => rows.AsSpan(row * (rows.Length / count), rows.Length / count);

    private ForwardPass Forward(Tensor x)
    {
        var last = _weights.Length - 1;
        var inputs = new Tensor[_weights.Length];
        var preActivations = new Tensor[last];
        inputs[0] = x;
        for (var l = 0; l < last; l++)
        {
            preActivations[l] = Affine(l, inputs[l]);
            inputs[l + 1] = ActivationFunctions.Value(_activation, preActivations[l]);
        }

        return new ForwardPass(inputs, preActivations, Staging.ToDoubles(Affine(last, inputs[last])));
    }

    private Tensor Affine(int layer, Tensor input) =>
        _biases[layer] is { } bias ? addmv(bias, _weights[layer], input, beta: 1, alpha: 1) : mv(_weights[layer], input);

    // u_l = scale dL/dz_l for every layer, from the gradient by the outputs.
    private Tensor[] Backward(ForwardPass pass, double[] outputGradient, double scale)
    {
        var deltas = new Tensor[_weights.Length];
        var last = deltas.Length - 1;
        deltas[last] = Staging.ToTensor(Array.ConvertAll(outputGradient, g => scale * g), 1, ScalarType.Float64, Device)[0];
        for (var l = last - 1; l >= 0; l--)
        {
            deltas[l] = mv(_weights[l + 1].t(), deltas[l + 1])
                .mul_(ActivationFunctions.Derivative(_activation, pass.PreActivations[l]));
        }

        return deltas;
    }

    // The change of the outputs at the trained sample itself: what the shards compute for the probes, for one row.
    private double[] SelfChange(ForwardPass pass, Tensor[] updates)
    {
        Tensor? inputChange = null;
        for (var l = 0; ; l++)
        {
            var input = pass.Inputs[l];
            var moved = inputChange is null ? input : input.plus(inputChange);
            var overlap = moved.dot(input).item<double>() + (_biases[l] is null ? 0 : 1);
            var change = updates[l].times(-overlap);
            if (inputChange is not null)
                change = change.addmv(_weights[l], inputChange);
            if (l == _weights.Length - 1)
                return Staging.ToDoubles(change);
            inputChange = ActivationFunctions.Difference(_activation, pass.PreActivations[l], change);
        }
    }

    private double Measure(double[] outputs, double[] change)
    {
        if (Outputs == 1)
            return LossFunction.MeasuresProbability ? ProbabilityChange.Of(outputs[0], change[0]) : change[0];
        return Math.Sqrt(change.Sum(c => c * c));
    }

    private sealed record ForwardPass(Tensor[] Inputs, Tensor[] PreActivations, double[] Outputs);
}
