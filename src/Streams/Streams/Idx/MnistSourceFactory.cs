namespace ElasticityStream.Streams.Idx;

/// <summary>
/// Creates the source <c>mnist</c>: the embedded first 10,000 training images of MNIST (LeCun, Cortes, Burges), in their original order.
/// Feature shape <c>[28, 28]</c>; id <c>mnist/INDEX</c>, the index in the training set.
/// </summary>
public sealed class MnistSourceFactory : SampleSourceFactory<MnistOptions>
{
    private const string Images = "mnist/train-10k-images-idx3-ubyte.gz";
    private const string Labels = "mnist/train-10k-labels-idx1-ubyte.gz";

    /// <inheritdoc/>
    public override string Name => "mnist";

    /// <inheritdoc/>
    public override string Description => "Handwritten digits: the first 10,000 training images of MNIST, built in.";

    /// <inheritdoc/>
    public override ISampleSource Create(MnistOptions options, SampleSourceContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new IdxDataSet(Images, () => Open(Images), Labels, () => Open(Labels)).Load(Name, [], options);
    }

    private static Stream Open(string resource) => SampleFile.Decompressed(
        typeof(MnistSourceFactory).Assembly.GetManifestResourceStream(resource)
        ?? throw new SampleSourceException($"The built-in data set lacks '{resource}'; this build of the program is incomplete."));
}
