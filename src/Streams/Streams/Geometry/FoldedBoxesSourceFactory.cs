namespace ElasticityStream.Streams.Geometry;

/// <summary>Creates the source <c>folded-boxes</c>: points in space, <see cref="IGeodesicDistance"/>; id <c>folded-boxes/INDEX</c>; label 1 and 0 in turn.</summary>
public sealed class FoldedBoxesSourceFactory : SampleSourceFactory<FoldedBoxesOptions>
{
    /// <inheritdoc/>
    public override string Name => FoldedBoxesSource.SourceName;

    /// <inheritdoc/>
    public override string Description => "Two nested folded boxes (He and Su 2020), with geodesic distances.";

    /// <inheritdoc/>
    public override ISampleSource Create(FoldedBoxesOptions options, SampleSourceContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        return new FoldedBoxesSource(options, options.Seed ?? context.Seed);
    }
}
