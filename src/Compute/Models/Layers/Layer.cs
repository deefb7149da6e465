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

    /// <summary>The shape of W; its first dimension is the number of units or feature maps, as many as there are biases.</summary>
    public abstract long[] WeightShape { get; }

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

    /// <summary>The pre-activations of p samples at each of V versions of the parameters. The number of torch calls does not depend on V.</summary>
    /// <param name="input">The layer's inputs a, p x V of any shape with the right number of values.</param>
    /// <param name="parameters">W and b.</param>
    /// <returns>p x V x the output shape; a convolution's feature maps as p x (V O) x H x W.</returns>
    public abstract Tensor Forward(Tensor input, StackedParameters parameters);

    /// <summary>The step that the layer's weights take after one sample.</summary>
    /// <param name="input">The layer's input at the sample, a batch of one.</param>
    /// <param name="scaledGradient">eta dL/dz at the sample, a batch of one.</param>
    public abstract WeightStep Step(Tensor input, Tensor scaledGradient);

    /// <summary>
    /// How each of the B steps of a block changes the pre-activations of p samples: (W + dW)(a + da) + b + db - (W a + b), as
    /// W da + dW (a + da) + db, with the W, a and da before that step. The number of torch calls does not depend on B.
    /// </summary>
    /// <param name="input">a before each step, p x B x ...; the features, p x d, for the first layer.</param>
    /// <param name="inputChange">da, p x B x ...; null for the first layer, whose inputs are the features.</param>
    /// <param name="weight">W before the first step; read only where there is an <paramref name="inputChange"/>.</param>
    /// <param name="steps">dW and db.</param>
    /// <returns>p x B x the layer's output shape, contiguous.</returns>
    public abstract Tensor Change(Tensor input, Tensor? inputChange, Tensor? weight, LayerSteps steps);

    /// <summary>Takes all steps, in place.</summary>
    public abstract void Apply(Tensor weight, Tensor? bias, LayerSteps steps);
}
