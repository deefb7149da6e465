using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models.Layers;

/// <summary>z = W a + b. At one sample its step has rank one: dW = -u a^T, db = -u with u = eta dL/dz.</summary>
internal sealed class FullyConnectedLayer : Layer
{
    private readonly int _inputs;
    private readonly int _outputs;

    /// <summary>Describes a layer.</summary>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="outputs">The number of units.</param>
    /// <param name="bias">Whether it has biases.</param>
    public FullyConnectedLayer(int inputs, int outputs, bool bias)
        : base(bias)
    {
        _inputs = inputs;
        _outputs = outputs;
    }

    /// <inheritdoc/>
    public override long FanIn => _inputs;

    /// <inheritdoc/>
    public override long[] OutputShape => [_outputs];

    /// <inheritdoc/>
    public override long[] WeightShape => [_outputs, _inputs];

    /// <inheritdoc/>
    public override (int First, int Second) StepLengths => (_outputs, _inputs);

    /// <inheritdoc/>
    public override nn.Module CreateParameters() => nn.Linear(_inputs, _outputs, hasBias: HasBias);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, Tensor weight, Tensor? bias)
    {
        // The samples as columns, of whose products the bits do not depend on a column's place (docs/adr/0007).
        var z = weight.mm(Flat(input).t()).t();
        return bias is null ? z : z.plus(bias);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, StackedParameters parameters)
    {
        // The samples are columns here too, and in memory they stay behind the units, where the next layer wants them. Features that all versions share
        // are not copied for each; what else lies in another order is a convolution's, whose columns would begin at any address (docs/adr/0011).
        var columns = Rows(input, parameters.Versions).permute(1, 2, 0);
        var z = parameters.Weights.bmm(columns.stride(0) == 0 ? columns : columns.contiguous());
        if (parameters.Biases is { } biases)
            z.plus_(biases.unsqueeze(2));
        return z.permute(2, 0, 1);
    }

    /// <inheritdoc/>
    public override WeightStep Step(Tensor input, Tensor scaledGradient) => new(scaledGradient[0], Flat(input)[0]);

    /// <inheritdoc/>
    public override Tensor Change(Tensor input, Tensor? inputChange, Tensor? weight, LayerSteps steps)
    {
        var b = steps.Order.Steps;
        if (inputChange is null)
        {
            var overlaps = Flat(input).mm(steps.Second.t());
            if (HasBias)
                overlaps.plus_(1);
            return overlaps.unsqueeze(2).mul(steps.First.neg());
        }

        var change = Flat(inputChange);
        var own = Rows(input, b).plus(Rows(inputChange, b)).mul(steps.Second).sum(dim: -1);
        if (HasBias)
            own.plus_(1);
        var coefficients = steps.Order.Coefficients(own, () => change.mm(steps.Second.t()).view(-1, b, b));
        return change.mm(weight!.t()).addmm_(coefficients.view(-1, b), steps.First, beta: 1, alpha: -1).view(-1, b, _outputs);
    }

    /// <inheritdoc/>
    public override void Apply(Tensor weight, Tensor? bias, LayerSteps steps)
    {
        weight.addmm_(steps.First.t(), steps.Second, beta: 1, alpha: -1);
        bias?.sub_(steps.First.sum(dim: 0));
    }

    private Tensor Flat(Tensor input) => input.reshape(-1, _inputs);

    private Tensor Rows(Tensor input, int steps) => input.reshape(-1, steps, _inputs);
}
