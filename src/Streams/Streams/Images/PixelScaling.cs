namespace ElasticityStream.Streams.Images;

/// <summary>How a pixel value v in 0..255 becomes a feature.</summary>
public enum PixelScaling
{
    /// <summary>v / 255, in 0..1.</summary>
    Unit,

    /// <summary>(v / 255 - 0.5) / 0.5, in -1..1, as in the released script of He &amp; Su 2020.</summary>
    Symmetric,
}
