namespace ElasticityStream.Streams.Images;

/// <summary>
/// Emits selected images in file order. They are held as bytes and scaled when emitted, which takes a quarter of the memory of features.
/// </summary>
internal sealed class ImageSampleSource : ISampleSource
{
    private readonly string _idPrefix;
    private readonly IReadOnlyList<LabelledImage> _images;
    private readonly float[] _featureOf;

    /// <summary>Takes over the selected images.</summary>
    /// <param name="idPrefix">An id is this, a slash, and the image's index in its file.</param>
    /// <param name="shape">The shape of one image.</param>
    /// <param name="classes">The selected classes.</param>
    /// <param name="images">The selected images, in file order.</param>
    /// <param name="scaling">How pixels become features.</param>
    public ImageSampleSource(
        string idPrefix, IReadOnlyList<int> shape, IReadOnlyList<string> classes, IReadOnlyList<LabelledImage> images, PixelScaling scaling)
    {
        _idPrefix = idPrefix;
        _images = images;
        _featureOf = [.. Enumerable.Range(0, 256).Select(v => (float)Scale(v, scaling))];
        Schema = new SampleSchema { FeatureShape = shape, Classes = classes, Count = images.Count };
    }

    public SampleSchema Schema { get; }

    public IAsyncEnumerable<Sample> OpenAsync(long position, CancellationToken cancellationToken) =>
        SampleSequence.Emit(position, _images.Count, SampleAt, cancellationToken);

    private Sample SampleAt(int position)
    {
        var image = _images[position];
        var features = new float[image.Pixels.Length];
        for (var i = 0; i < features.Length; i++)
            features[i] = _featureOf[image.Pixels[i]];
        return new Sample
        {
            Id = $"{_idPrefix}/{image.Index}",
            Position = position,
            Features = features,
            Label = image.Choice.Label,
            Class = image.Choice.Class,
            Role = image.Choice.Role,
        };
    }

    private static double Scale(int pixel, PixelScaling scaling) => scaling switch
    {
        PixelScaling.Unit => pixel / 255.0,
        PixelScaling.Symmetric => ((pixel / 255.0) - 0.5) / 0.5,
        _ => throw new ArgumentOutOfRangeException(nameof(scaling), scaling, "Unknown scaling."),
    };
}
