namespace ElasticityStream.Streams.Geometry;

/// <summary>Creates the source <c>torus</c>: points in space, <see cref="IGeodesicDistance"/>; id <c>torus/INDEX</c>; label 1 and 0 in turn.</summary>
public sealed class TorusSourceFactory : SampleSourceFactory<TorusOptions>
{
    /// <inheritdoc/>
    public override string Name => TorusSource.SourceName;

    /// <inheritdoc/>
    public override string Description => "Two closed curves around a torus (He and Su 2020), with geodesic distances.";

    /// <inheritdoc/>
    public override ISampleSource Create(TorusOptions options, SampleSourceContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        return new TorusSource(options, options.Seed ?? context.Seed);
    }
}
