using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Steps a network with convolutions at one sample at a time, in float64; the derivatives by the pre-activations are autograd's. A step moves the
/// kernels by a matrix of no low rank, so that the next cannot be taken at weights that stay where they were: the kernels themselves are stepped.
/// </summary>
internal sealed class LayeredDeltaForwardStepper : ModuleStepper
{
    private readonly LayeredNetwork _network;

    public LayeredDeltaForwardStepper(LayeredNetwork network, LossFunction loss, Device device)
        : base(network, network.Spec.Outputs, loss, device)
    {
        _network = network;
    }

    public override SteppedBlock Step(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, bool apply)
    {
        using var block = NewDisposeScope();
        var steps = labels.Length;
        var inputs = Staging.ToTensor(features, steps, ScalarType.Float64, Device);
        var results = new StepResult[steps];
        var directions = new double[Outputs > 1 ? steps * Outputs : 0];
        var arrays = _network.Stages.Select(stage => StepArrays.For(stage.Layer, steps)).ToArray();
        var outputGradient = new double[Outputs];
        var alone = new StepOrder(1, applied: false, ScalarType.Float64, Device);

        for (var b = 0; b < steps; b++)
        {
            using var step = NewDisposeScope();
            var trace = Trace(inputs.narrow(0, b, 1));
            var outputs = Staging.ToDoubles(trace[^1].PreActivations);
            var loss = LossFunction.Evaluate(outputs, labels[b], outputGradient);
            if (!double.IsFinite(loss.Loss))
                throw new NonFiniteLossException(b, loss.Loss);
            if (Outputs > 1)
                Normalise(outputGradient, directions.AsSpan(b * Outputs, Outputs));

            var taken = Backward(trace, outputGradient);
            using var noGrad = no_grad();
            var layerSteps = Array.ConvertAll(taken, t => LayerSteps.Of(t, alone));
            var change = Change(trace, layerSteps);
            for (var l = 0; l < taken.Length; l++)
            {
                arrays[l].Write(b, steps, taken[l]);
                if (apply)
                    _network.Stages[l].Layer.Apply(_network.Weights[l], _network.Biases[l], layerSteps[l]);
            }

            results[b] = new StepResult(loss.Loss, loss.Prediction, loss.Gradient, loss.Correct, Measure(outputs[0], change));
        }

        return new SteppedBlock(results, StepArrays.ToBlock(_network.Stages, arrays, steps, apply, directions));
    }

    protected override void Transfer(StateTransfer state)
    {
        TransferOwner(state, "layered-delta-forward-stepper");
        TransferModel(state);
    }

    private IReadOnlyList<(Tensor Inputs, Tensor PreActivations)> Trace(Tensor x)
    {
        using var grad = enable_grad();
        return _network.Trace(x);
    }

    // The steps of all layers, from the gradient by the outputs.
    private WeightStep[] Backward(IReadOnlyList<(Tensor Inputs, Tensor PreActivations)> trace, double[] outputGradient)
    {
        var gradient = Staging.ToTensor(Array.ConvertAll(outputGradient, g => LearningRate * g), 1, ScalarType.Float64, Device);
        var deltas = autograd.grad([trace[^1].PreActivations], [.. trace.Select(layer => layer.PreActivations)], [gradient]);
        using var noGrad = no_grad();
        return [.. trace.Zip(deltas, _network.Stages).Select(layer => layer.Third.Layer.Step(layer.First.Inputs, layer.Second))];
    }

    // The change of the outputs at the trained sample itself: what the shards compute for the probes, for one row.
    private double[] Change(IReadOnlyList<(Tensor Inputs, Tensor PreActivations)> trace, LayerSteps[] taken)
    {
        Tensor? inputChange = null;
        for (var l = 0; ; l++)
        {
            var (layer, after) = _network.Stages[l];
            var change = layer.Change(trace[l].Inputs, inputChange, _network.Weights[l], taken[l]);
            if (after is null)
                return Staging.ToDoubles(change);
            inputChange = after.Move(trace[l].PreActivations, change.squeeze(1), trace[l].Inputs, inputChange).Change;
        }
    }
}
