using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models.Layers;

/// <summary>
/// What a layer with weights computes. It holds no numbers itself: the trainer's float64 parameters and the float32 copies of the probe
/// shards go through the same lines. A change is computed as a difference, never from two outputs (docs/adr/0004).
/// </summary>
/// <param name="bias">Whether the layer has biases.</param>
internal abstract class Layer(bool bias)
{
    /// <summary>Whether the layer has biases.</summary>
    public bool HasBias { get; } = bias;

    /// <summary>The number of inputs of one unit.</summary>
    public abstract long FanIn { get; }

    /// <summary>The shape of the pre-activations of one sample.</summary>
    public abstract long[] OutputShape { get; }

    /// <summary>The number of values of one sample's pre-activations.</summary>
    public long OutputSize => OutputShape.Aggregate(1L, (product, length) => product * length);

    /// <summary>The lengths of the two halves of a <see cref="WeightStep"/>.</summary>
    public abstract (int First, int Second) StepLengths { get; }

    /// <summary>A torch module that holds the parameters <c>weight</c> and, with biases, <c>bias</c>.</summary>
    public abstract nn.Module CreateParameters();

    /// <summary>The pre-activations z of B samples.</summary>
    /// <param name="input">The layer's inputs a, B samples of any shape with the right number of values.</param>
    /// <param name="weight">W.</param>
    /// <param name="bias">b, or null.</param>
    public abstract Tensor Forward(Tensor input, Tensor weight, Tensor? bias);

    /// <summary>The step that the layer's weights take after one sample.</summary>
    /// <param name="input">The layer's input at the sample, a batch of one.</param>
    /// <param name="scaledGradient">eta dL/dz at the sample, a batch of one.</param>
    public abstract WeightStep Step(Tensor input, Tensor scaledGradient);

    /// <summary>The step from its two halves as they cross the wire.</summary>
    public abstract WeightStep ReadStep(Tensor first, Tensor second);

    /// <summary>How the pre-activations of n samples change: (W + dW)(a + da) + b + db - (W a + b), as W da + dW (a + da) + db.</summary>
    /// <param name="input">The inputs a before the step.</param>
    /// <param name="inputChange">da; null for the first layer, whose inputs are the features.</param>
    /// <param name="weight">W before the step; read only where there is an <paramref name="inputChange"/>.</param>
    /// <param name="step">dW and db.</param>
    public abstract Tensor Change(Tensor input, Tensor? inputChange, Tensor? weight, WeightStep step);

    /// <summary>Takes the step, in place.</summary>
    public abstract void Apply(Tensor weight, Tensor? bias, WeightStep step);
}
