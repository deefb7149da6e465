namespace ElasticityStream.Compute.Models;

/// <summary>
/// The convolutions of a network: each without padding and with stride 1, followed by the activation and 2 x 2 max pooling.
/// </summary>
/// <param name="Image">The shape of a sample.</param>
/// <param name="Channels">The number of feature maps of each convolution, from the input on.</param>
/// <param name="Kernel">k: all kernels are k x k.</param>
public sealed record ConvolutionSpec(ImageShape Image, IReadOnlyList<int> Channels, int Kernel)
{
    /// <summary>The input of each convolution, and last that of the fully connected layers.</summary>
    public IReadOnlyList<ImageShape> Shapes
    {
        get
        {
            var shapes = new List<ImageShape> { Image };
            foreach (var channels in Channels)
                shapes.Add(shapes[^1].Convolved(channels, Kernel).Pooled());
            return shapes;
        }
    }

    /// <summary>Whether every convolution and every pooling leaves something of the image.</summary>
    public bool Fits => Shapes.All(shape => shape.HasPixels);

    /// <summary>The least height and width that <see cref="Fits"/>.</summary>
    public int SmallestImage => Channels.Aggregate(1, (size, _) => (2 * size) + Kernel - 1);

    /// <summary><c>1x28x28 cnn 16-32 5x5</c>.</summary>
    public override string ToString() => $"{Image} cnn {string.Join('-', Channels)} {Kernel}x{Kernel}";
}
