namespace ElasticityStream.Streams.Geometry;

/// <summary>Creates the source <c>two-circles</c>: points in the plane, <see cref="IGeodesicDistance"/>; id <c>two-circles/INDEX</c>; label 1 and 0 in turn.</summary>
public sealed class TwoCirclesSourceFactory : SampleSourceFactory<TwoCirclesOptions>
{
    /// <inheritdoc/>
    public override string Name => TwoCirclesSource.SourceName;

    /// <inheritdoc/>
    public override string Description => "Two concentric circles in the plane, with geodesic distances.";

    /// <inheritdoc/>
    public override ISampleSource Create(TwoCirclesOptions options, SampleSourceContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        return new TwoCirclesSource(options, options.Seed ?? context.Seed);
    }
}
