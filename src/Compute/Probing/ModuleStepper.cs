using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ElasticityStream.Compute.Probing;

/// <summary>What the steppers of all engines share: the module, mini-batch training by autograd, and the staging of samples.</summary>
internal abstract class ModuleStepper : IStepper
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private double _learningRate;

    protected ModuleStepper(nn.Module<Tensor, Tensor> model, int outputs, LossFunction loss, Device device)
    {
        _model = model;
        Outputs = outputs;
        LossFunction = loss;
        Device = device;
    }

    public nn.Module<Tensor, Tensor> Model
    {
        get
        {
            UpdateModel();
            return _model;
        }
    }

    public double LearningRate
    {
        get => _learningRate;
        set => _learningRate = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A learning rate is a finite number above 0.");
    }

    protected int Outputs { get; }

    protected LossFunction LossFunction { get; }

    protected Device Device { get; }

    public abstract SteppedBlock Step(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, bool apply);

    public virtual NetworkWeights Rebase() => NetworkWeights.From(Model);

    public virtual double KernelDiagonal(ReadOnlySpan<double> features, double label)
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var output = Model.forward(Staging.ToTensor(features, 1, ScalarType.Float64, Device));
        output.backward([Staging.ToTensor(Direction(Staging.ToDoubles(output), label), 1, ScalarType.Float64, Device)]);
        var sum = 0.0;
        foreach (var parameter in Model.parameters())
        {
            sum += parameter.grad!.mul(parameter.grad).sum().item<double>();
            parameter.grad = null;
        }

        return sum;
    }

    public double TrainMiniBatch(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, double learningRate)
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var outputs = Model.forward(Staging.ToTensor(features, labels.Length, ScalarType.Float64, Device));
        var values = Staging.ToDoubles(outputs);
        var gradient = new double[values.Length];
        var loss = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var row = gradient.AsSpan(i * Outputs, Outputs);
            loss += LossFunction.Evaluate(values.AsSpan(i * Outputs, Outputs), labels[i], row).Loss;
            foreach (ref var g in row)
                g /= labels.Length;
        }

        if (!double.IsFinite(loss))
            throw new NonFiniteLossException($"The mean loss of a mini-batch is {loss / labels.Length}.");

        outputs.backward([Staging.ToTensor(gradient, labels.Length, ScalarType.Float64, Device)]);
        Descend(learningRate);
        TakeModel();
        return loss / labels.Length;
    }

    public CarriedState Capture() => StateCapture.Of(Transfer);

    public void Restore(CarriedState state) => StateRestoration.From(state, Transfer);

    public void Dispose()
    {
        _model.Dispose();
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Names what the next steps depend on; with it an owner of its own name.</summary>
    protected abstract void Transfer(StateTransfer state);

    /// <summary>Names whose state it is, told apart by the shapes of the module's parameters.</summary>
    protected void TransferOwner(StateTransfer state, string name) => state.Owner(name, [.. _model.parameters().SelectMany(p => p.shape)]);

    /// <summary>Names the module's parameters as they are, up to date or not.</summary>
    protected void TransferModel(StateTransfer state)
    {
        foreach (var (index, parameter) in _model.parameters().Index())
            state.Values($"parameter-{index + 1}", parameter);
    }

    /// <summary>Brings the module's parameters up to date, for a stepper that keeps its weights elsewhere.</summary>
    protected virtual void UpdateModel()
    {
    }

    /// <summary>Says that the module's parameters have been trained, to a stepper that keeps its weights elsewhere.</summary>
    protected virtual void TakeModel()
    {
    }

    /// <summary>Frees what a derived stepper holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>w -= eta dL/dw for every parameter, and clears the gradients.</summary>
    protected void Descend(double learningRate)
    {
        using var noGrad = no_grad();
        foreach (var parameter in _model.parameters())
        {
            // Scaled before it is subtracted: the alpha of torch's sub_ is a float32 whatever the tensors are.
            parameter.sub_(parameter.grad!.times(learningRate));
            parameter.grad = null;
        }
    }

    /// <summary>v, along which the kernel is measured: 1 for one output, the unit loss gradient for K.</summary>
    protected double[] Direction(ReadOnlySpan<double> outputs, double label)
    {
        if (Outputs == 1)
            return [1];
        var (gradient, direction) = (new double[Outputs], new double[Outputs]);
        LossFunction.Evaluate(outputs, label, gradient);
        Normalise(gradient, direction);
        return direction;
    }

    /// <summary>How far the prediction at the trained sample moved: see <see cref="StepResult.SelfChange"/>.</summary>
    /// <param name="output">Its output before the step; its first output, if there are several.</param>
    /// <param name="change">The change of its K outputs.</param>
    protected double Measure(double output, ReadOnlySpan<double> change)
    {
        if (Outputs > 1)
            return TensorPrimitives.Norm(change);
        return LossFunction.MeasuresProbability ? ProbabilityChange.Of(output, change[0]) : change[0];
    }

    /// <summary>g / |g| into <paramref name="direction"/>; a zero vector for a zero gradient.</summary>
    internal static void Normalise(ReadOnlySpan<double> gradient, Span<double> direction)
    {
        var norm = 0.0;
        foreach (var g in gradient)
            norm += g * g;
        norm = Math.Sqrt(norm);
        for (var k = 0; k < direction.Length; k++)
            direction[k] = norm > 0 ? gradient[k] / norm : 0;
    }
}
