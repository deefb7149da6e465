using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models.Layers;

/// <summary>
/// z = W * a + b: O kernels of C x k x k values slid over an image of C channels, without padding. Its step at one sample is a whole
/// set of kernels, since every unit of a feature map takes part in it.
/// </summary>
internal sealed class ConvolutionLayer : Layer
{
    /// <summary>Describes a layer.</summary>
    /// <param name="image">The shape of its inputs.</param>
    /// <param name="channels">O, the number of feature maps.</param>
    /// <param name="kernel">k.</param>
    /// <param name="bias">Whether it has biases, one a feature map.</param>
    public ConvolutionLayer(ImageShape image, int channels, int kernel, bool bias)
        : base(bias)
    {
        Image = image;
        Channels = channels;
        Kernel = kernel;
    }

    /// <summary>The shape of its inputs.</summary>
    public ImageShape Image { get; }

    /// <summary>O, the number of feature maps.</summary>
    public int Channels { get; }

    /// <summary>k.</summary>
    public int Kernel { get; }

    /// <inheritdoc/>
    public override long FanIn => (long)Image.Channels * Kernel * Kernel;

    /// <inheritdoc/>
    public override long[] OutputShape
    {
        get
        {
            var maps = Image.Convolved(Channels, Kernel);
            return [maps.Channels, maps.Height, maps.Width];
        }
    }

    /// <inheritdoc/>
    public override long[] WeightShape => [Channels, Image.Channels, Kernel, Kernel];

    /// <inheritdoc/>
    public override (int First, int Second) StepLengths => (checked((int)(FanIn * Channels)), HasBias ? Channels : 0);

    /// <inheritdoc/>
    public override nn.Module CreateParameters() => nn.Conv2d(Image.Channels, Channels, Kernel, bias: HasBias);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, Tensor weight, Tensor? bias) => nn.functional.conv2d(ToImages(input), weight, bias);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, StackedParameters parameters)
    {
        // The versions are groups in the first layer too, where they share their images: the bits of a kernel's sums would depend on its place among the
        // kernels of all versions (docs/adr/0007).
        var versions = parameters.Versions;
        return nn.functional.conv2d(
            ToGroups(input, versions), ToKernels(parameters.Weights), parameters.Biases?.reshape(-1), groups: versions);
    }

    /// <inheritdoc/>
    public override WeightStep Step(Tensor input, Tensor scaledGradient)
    {
        // Channels and maps as batch and kernels: the sum over all places of dL/dz at a place times the patch of the image there.
        var kernels = nn.functional.conv2d(ToImages(input).transpose(0, 1), scaledGradient.transpose(0, 1)).transpose(0, 1);
        return new WeightStep(kernels, HasBias ? scaledGradient.sum([0, 2, 3]) : zeros(0, scaledGradient.dtype));
    }

    /// <inheritdoc/>
    public override Tensor Change(Tensor input, Tensor? inputChange, Tensor? weight, LayerSteps steps)
    {
        // The B steps as groups of channels and feature maps: one convolution for all of them.
        var b = steps.Order.Steps;
        var (kernels, biases) = (ToKernels(steps.First), HasBias ? steps.Second.reshape(-1) : null);
        var byStep = inputChange is null
            ? nn.functional.conv2d(ToImages(input), kernels, biases)
            : nn.functional.conv2d(ToGroups(input.plus(inputChange), b), kernels, biases, groups: b);
        var change = inputChange is null ? byStep.neg_() : Convolve(inputChange, weight!, steps).sub_(byStep);
        return change.view([change.shape[0], b, .. OutputShape]);
    }

    /// <inheritdoc/>
    public override void Apply(Tensor weight, Tensor? bias, LayerSteps steps)
    {
        weight.sub_(steps.First.sum(dim: 0).view_as(weight));
        bias?.sub_(steps.Second.sum(dim: 0));
    }

    // p x B O x ...: each step's images with the weights before it.
    private Tensor Convolve(Tensor images, Tensor weight, LayerSteps steps)
    {
        var b = steps.Order.Steps;
        if (steps.Order.SumOfEarlier(steps.First) is not { } earlier)
        {
            var alike = nn.functional.conv2d(ToImages(images), weight);
            return alike.view(-1, b * Channels, alike.shape[2], alike.shape[3]);
        }

        return nn.functional.conv2d(ToGroups(images, b), ToKernels(weight.reshape(1, -1).sub(earlier)), groups: b);
    }

    private Tensor ToKernels(Tensor rows) => rows.reshape(-1, Image.Channels, Kernel, Kernel);

    private Tensor ToImages(Tensor input) => input.reshape(-1, Image.Channels, Image.Height, Image.Width);

    private Tensor ToGroups(Tensor inputs, int steps) => inputs.reshape(-1, steps * Image.Channels, Image.Height, Image.Width);
}
