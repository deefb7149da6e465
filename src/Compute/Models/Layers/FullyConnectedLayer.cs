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
    public override (int First, int Second) StepLengths => (_outputs, _inputs);

    /// <inheritdoc/>
    public override nn.Module CreateParameters() => nn.Linear(_inputs, _outputs, hasBias: HasBias);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, Tensor weight, Tensor? bias) => nn.functional.linear(Flat(input), weight, bias);

    /// <inheritdoc/>
    public override WeightStep Step(Tensor input, Tensor scaledGradient) => new(scaledGradient[0], Flat(input)[0]);

    /// <inheritdoc/>
    public override WeightStep ReadStep(Tensor first, Tensor second) => new(first, second);

    /// <inheritdoc/>
    public override Tensor Change(Tensor input, Tensor? inputChange, Tensor? weight, WeightStep step)
    {
        var before = Flat(input);
        var change = inputChange is null ? null : Flat(inputChange);
        var overlap = (change is null ? before : before.plus(change)).mv(step.Second);
        if (HasBias)
            overlap.plus_(1);
        return change is null
            ? outer(overlap, step.First).neg_()
            : change.mm(weight!.t()).addr_(overlap, step.First, beta: 1, alpha: -1);
    }

    /// <inheritdoc/>
    public override void Apply(Tensor weight, Tensor? bias, WeightStep step)
    {
        weight.addr_(step.First, step.Second, beta: 1, alpha: -1);
        bias?.sub_(step.First);
    }

    private Tensor Flat(Tensor input) => input.reshape(-1, _inputs);
}
