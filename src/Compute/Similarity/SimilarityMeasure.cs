namespace ElasticityStream.Compute.Similarity;

/// <summary>The two similarities of He &amp; Su 2020, section 2.</summary>
public enum SimilarityMeasure
{
    /// <summary>S_rel(x, x') = |f(x'; w+) - f(x'; w)| / |f(x; w+) - f(x; w)|.</summary>
    Relative,

    /// <summary>S_ker(x, x') = (f(x'; w) - f(x'; w+)) / (eta dL/df at x).</summary>
    Kernelized,
}
