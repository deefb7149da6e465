namespace ElasticityStream.Streams.Geometry;

/// <summary>How far apart two points of one curve on the torus are.</summary>
public enum TorusDistance
{
    /// <summary>The angle between them around the torus, min(|t - t'|, 2 pi - |t - t'|), in rad; as in He &amp; Su 2020.</summary>
    Angle,

    /// <summary>The length of the shorter way along the curve.</summary>
    ArcLength,
}
