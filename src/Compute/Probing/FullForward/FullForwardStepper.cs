using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>Steps any module by autograd, in float64.</summary>
internal sealed class FullForwardStepper(nn.Module<Tensor, Tensor> model, int outputs, LossFunction loss, Device device)
    : ModuleStepper(model, outputs, loss, device)
{
    public override SteppedBlock Step(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, bool apply)
    {
        var width = features.Length / labels.Length;
        var results = new StepResult[labels.Length];
        var directions = new double[Outputs > 1 ? labels.Length * Outputs : 0];
        var after = new NetworkWeights[labels.Length];
        for (var b = 0; b < labels.Length; b++)
        {
            using var scope = NewDisposeScope();
            var x = Staging.ToTensor(features.Slice(b * width, width), 1, ScalarType.Float64, Device);
            var before = apply ? null : NetworkWeights.From(Model);
            results[b] = Step(x, labels[b], b, directions.AsSpan(Outputs > 1 ? b * Outputs : 0));
            after[b] = NetworkWeights.From(Model);
            before?.CopyTo(Model);
        }

        return new SteppedBlock(results, new SnapshotUpdateBlock(apply, directions, after));
    }

    protected override void Transfer(StateTransfer state)
    {
        TransferOwner(state, "full-forward-stepper");
        TransferModel(state);
    }

    private StepResult Step(Tensor x, double label, int stepInBlock, Span<double> direction)
    {
        using var grad = enable_grad();
        var output = Model.forward(x);
        var before = Staging.ToDoubles(output);
        var gradient = new double[Outputs];
        var evaluated = LossFunction.Evaluate(before, label, gradient);
        if (!double.IsFinite(evaluated.Loss))
            throw new NonFiniteLossException(stepInBlock, evaluated.Loss);
        if (Outputs > 1)
            Normalise(gradient, direction[..Outputs]);

        output.backward([Staging.ToTensor(gradient, 1, ScalarType.Float64, Device)]);
        Descend(LearningRate);
        using var noGrad = no_grad();
        var after = Staging.ToDoubles(Model.forward(x));
        return new StepResult(evaluated.Loss, evaluated.Prediction, evaluated.Gradient, evaluated.Correct, Measure(before[0], [.. after.Zip(before, (a, b) => a - b)]));
    }
}
