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

    public override double KernelDiagonal(ReadOnlySpan<double> features, double label)
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var output = Model.forward(Staging.ToTensor(features, 1, ScalarType.Float64, Device));
        var direction = new double[Outputs];
        direction[0] = 1;
        if (Outputs > 1)
        {
            var gradient = new double[Outputs];
            LossFunction.Evaluate(Staging.ToDoubles(output), label, gradient);
            Normalise(gradient, direction);
        }

        output.backward([Staging.ToTensor(direction, 1, ScalarType.Float64, Device)]);
        var sum = 0.0;
        foreach (var parameter in Model.parameters())
        {
            sum += parameter.grad!.mul(parameter.grad).sum().item<double>();
            parameter.grad = null;
        }

        return sum;
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
        return new StepResult(evaluated.Loss, evaluated.Prediction, evaluated.Gradient, evaluated.Correct, SelfChange(before, after));
    }

    private double SelfChange(double[] before, double[] after)
    {
        if (Outputs == 1)
            return LossFunction.MeasuresProbability ? ProbabilityChange.Of(before[0], after[0] - before[0]) : after[0] - before[0];
        return Math.Sqrt(before.Zip(after, (b, a) => (a - b) * (a - b)).Sum());
    }
}
