namespace ElasticityStream.Compute.Models;

/// <summary>The shape of an image, or of the feature maps that a convolution makes of it.</summary>
/// <param name="Channels">C.</param>
/// <param name="Height">H, in pixels; 0 or less where nothing is left of the image.</param>
/// <param name="Width">W, as <paramref name="Height"/>.</param>
public sealed record ImageShape(int Channels, int Height, int Width)
{
    /// <summary>C x H x W, the number of values.</summary>
    public int Size => Channels * Height * Width;

    /// <summary>Whether there is at least one pixel.</summary>
    public bool HasPixels => Height > 0 && Width > 0;

    /// <summary>The image that samples of a shape are: H x W, or C x H x W; null for any other shape.</summary>
    public static ImageShape? Of(IReadOnlyList<int> featureShape) => featureShape switch
    {
        [var height, var width] => new ImageShape(1, height, width),
        [var channels, var height, var width] => new ImageShape(channels, height, width),
        _ => null,
    };

    /// <summary>After a convolution with k x k kernels, without padding.</summary>
    public ImageShape Convolved(int channels, int kernel) => new(channels, Height - kernel + 1, Width - kernel + 1);

    /// <summary>After 2 x 2 pooling; an odd last row or column is left out.</summary>
    public ImageShape Pooled() => this with { Height = Height / 2, Width = Width / 2 };

    /// <summary><c>1x28x28</c>.</summary>
    public override string ToString() => $"{Channels}x{Height}x{Width}";
}
