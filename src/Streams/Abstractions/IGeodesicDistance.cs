namespace ElasticityStream;

/// <summary>A source that knows how far apart two of its samples are along the curve or surface that they lie on.</summary>
public interface IGeodesicDistance
{
    /// <summary>What the distance is, for the axis of a plot: <c>"geodesic distance (angle, rad)"</c>.</summary>
    string DistanceLabel { get; }

    /// <summary>The distance between two samples of this source with the same label; symmetric, 0 from a sample to itself.</summary>
    double Distance(Sample first, Sample second);
}
