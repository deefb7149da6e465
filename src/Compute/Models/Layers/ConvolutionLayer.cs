using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models.Layers;

/// <summary>
/// z = W * a + b: O kernels of C x k x k values slid over an image of C channels, without padding. Its step at one sample is a whole
/// set of kernels, since every unit of a feature map takes part in it.
/// </summary>
internal sealed class ConvolutionLayer : Layer
{
    private readonly ImageShape _image;
    private readonly int _channels;
    private readonly int _kernel;

    /// <summary>Describes a layer.</summary>
    /// <param name="image">The shape of its inputs.</param>
    /// <param name="channels">O, the number of feature maps.</param>
    /// <param name="kernel">k.</param>
    /// <param name="bias">Whether it has biases, one a feature map.</param>
    public ConvolutionLayer(ImageShape image, int channels, int kernel, bool bias)
        : base(bias)
    {
        _image = image;
        _channels = channels;
        _kernel = kernel;
    }

    /// <inheritdoc/>
    public override long FanIn => (long)_image.Channels * _kernel * _kernel;

    /// <inheritdoc/>
    public override long[] OutputShape
    {
        get
        {
            var maps = _image.Convolved(_channels, _kernel);
            return [maps.Channels, maps.Height, maps.Width];
        }
    }

    /// <inheritdoc/>
    public override (int First, int Second) StepLengths => (checked((int)(FanIn * _channels)), HasBias ? _channels : 0);

    /// <inheritdoc/>
    public override nn.Module CreateParameters() => nn.Conv2d(_image.Channels, _channels, _kernel, bias: HasBias);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, Tensor weight, Tensor? bias) => nn.functional.conv2d(Image(input), weight, bias);

    /// <inheritdoc/>
    public override WeightStep Step(Tensor input, Tensor scaledGradient)
    {
        // Channels and maps as batch and kernels: the sum over all places of dL/dz at a place times the patch of the image there.
        var kernels = nn.functional.conv2d(Image(input).transpose(0, 1), scaledGradient.transpose(0, 1)).transpose(0, 1);
        return new WeightStep(kernels, HasBias ? scaledGradient.sum([0, 2, 3]) : zeros(0, scaledGradient.dtype));
    }

    /// <inheritdoc/>
    public override WeightStep ReadStep(Tensor first, Tensor second) =>
        new(first.reshape(_channels, _image.Channels, _kernel, _kernel), second);

    /// <inheritdoc/>
    public override Tensor Change(Tensor input, Tensor? inputChange, Tensor? weight, WeightStep step)
    {
        var moved = inputChange is null ? Image(input) : Image(input).plus(Image(inputChange));
        var byStep = nn.functional.conv2d(moved, step.First, HasBias ? step.Second : null);
        return inputChange is null ? byStep.neg_() : nn.functional.conv2d(Image(inputChange), weight!).sub_(byStep);
    }

    /// <inheritdoc/>
    public override void Apply(Tensor weight, Tensor? bias, WeightStep step)
    {
        weight.sub_(step.First);
        bias?.sub_(step.Second);
    }

    private Tensor Image(Tensor input) => input.reshape(-1, _image.Channels, _image.Height, _image.Width);
}
