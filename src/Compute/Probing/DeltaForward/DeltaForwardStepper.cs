using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Back-propagation by hand at one sample at a time: layer l takes the update dW = -u a^T, db = -u with u = eta dL/dz. In float64:
/// the rounding of float32 weights decides on which side of a ReLU's kink the trained sample ends up, which showed as errors of
/// 1.6e-5 in its own change (docs/adr/0004). It is one row a step; the n probes follow in float32. Only what each step needs of the one
/// before it is computed step by step; the first layer's products, the updates of the weights and the changes at the samples are
/// products of the block.
/// </summary>
internal sealed class DeltaForwardStepper : ModuleStepper
{
    private readonly NetworkSpec _spec;
    private readonly Tensor[] _weights;
    private readonly Tensor[] _biases;
    private readonly LayerWeights[] _upperWeights;

    public DeltaForwardStepper(FullyConnectedNetwork network, LossFunction loss, Device device)
        : this(network, network.Spec, [.. network.Layers.Select(l => l.weight!)], [.. network.Layers.Select(l => l.bias).OfType<Tensor>()], loss, device)
    {
    }

    /// <summary>Steps a network without convolutions.</summary>
    public DeltaForwardStepper(LayeredNetwork network, LossFunction loss, Device device)
        : this(network, network.Spec, [.. network.Weights], [.. network.Biases.OfType<Tensor>()], loss, device)
    {
    }

    private DeltaForwardStepper(
        nn.Module<Tensor, Tensor> network, NetworkSpec spec, Tensor[] weights, Tensor[] biases, LossFunction loss, Device device)
        : base(network, spec.Outputs, loss, device)
    {
        _spec = spec;
        _weights = weights;
        _biases = biases;
        _upperWeights = [.. _weights.Skip(1).Select<Tensor, LayerWeights>(
            w => device.type == DeviceType.CPU ? new HostLayerWeights(w) : new TorchLayerWeights(w, device))];
    }

    public override SteppedBlock Step(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, bool apply)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var steps = labels.Length;
        var samples = Staging.ToTensor(features, steps, ScalarType.Float64, Device);
        var block = Begin(features, samples, apply);
        var losses = new LossAtSample[steps];
        var directions = new double[Outputs > 1 ? steps * Outputs : 0];
        var outputGradient = new double[Outputs];
        for (var b = 0; b < steps; b++)
        {
            losses[b] = LossFunction.Evaluate(block.Forward(b), labels[b], outputGradient);
            if (!double.IsFinite(losses[b].Loss))
            {
                if (apply && b > 0)
                    Descend(ToTensors(block.Inputs, steps), ToTensors(block.Deltas, steps), b);
                throw new NonFiniteLossException(b, losses[b].Loss);
            }

            if (Outputs > 1)
                Normalise(outputGradient, directions.AsSpan(b * Outputs, Outputs));
            block.Backward(b, outputGradient, LearningRate);
        }

        var (inputs, deltas) = (ToTensors(block.Inputs, steps), ToTensors(block.Deltas, steps));
        var preActivations = ToTensors(block.PreActivations.SkipLast(1), steps);
        var changes = Staging.ToDoubles(SelfChange.Of(_spec, _weights, inputs, preActivations, deltas, apply));
        if (apply)
            Descend(inputs, deltas, steps);
        return new SteppedBlock(
            [.. losses.Select((loss, b) => new StepResult(
                loss.Loss, loss.Prediction, loss.Gradient, loss.Correct,
                Measure(block.PreActivations[^1][b * Outputs], changes.AsSpan(b * Outputs, Outputs))))],
            new LowRankUpdateBlock(steps, apply, directions, [.. block.Deltas.Zip(block.Inputs, ToUpdate)]));
    }

    public override double KernelDiagonal(ReadOnlySpan<double> features, double label)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var block = Begin(features, Staging.ToTensor(features, 1, ScalarType.Float64, Device), apply: false);
        var direction = Direction(block.Forward(0), label);
        // The gradient by a layer's weights is the outer product of D and its input: the norms multiply.
        block.Backward(0, direction, 1);
        return block.Deltas.Zip(block.Inputs, (d, a) => TensorPrimitives.Dot<double>(d, d) * (TensorPrimitives.Dot<double>(a, a) + (_spec.Bias ? 1 : 0))).Sum();
    }

    protected override void Transfer(StateTransfer state)
    {
        TransferOwner(state, "delta-forward-stepper");
        TransferModel(state);
    }

    private static LayerUpdate ToUpdate(double[] deltas, double[] inputs)
    {
        var update = new LayerUpdate(new float[deltas.Length], new float[inputs.Length]);
        Staging.Narrow(deltas, update.Deltas);
        Staging.Narrow(inputs, update.Inputs);
        return update;
    }

    private BlockBackPropagation Begin(ReadOnlySpan<double> features, Tensor samples, bool apply)
    {
        var firstLayer = samples.mm(_weights[0].t());
        if (_spec.Bias)
            firstLayer.plus_(_biases[0]);
        return new BlockBackPropagation(
            _spec, features, Staging.ToDoubles(firstLayer), _upperWeights, [.. _biases.Skip(1).Select(Staging.ToDoubles)], apply);
    }

    private Tensor[] ToTensors(IEnumerable<double[]> rows, int steps) =>
        [.. rows.Select(r => Staging.ToTensor(r, steps, ScalarType.Float64, Device))];

    // The first steps of the block at once: W -= U^T A, b -= the sum of U.
    private void Descend(Tensor[] inputs, Tensor[] deltas, int steps)
    {
        for (var l = 0; l < _weights.Length; l++)
        {
            var (u, a) = (deltas[l].narrow(0, 0, steps), inputs[l].narrow(0, 0, steps));
            _weights[l].addmm_(u.t(), a, beta: 1, alpha: -1);
            if (_spec.Bias)
                _biases[l].sub_(u.sum(dim: 0));
        }
    }
}
