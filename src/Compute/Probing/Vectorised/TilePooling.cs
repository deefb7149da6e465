namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>2 x 2 max pooling of values and of their changes, for the probes of a tile.</summary>
internal abstract unsafe class TilePooling
{
    /// <summary>
    /// Pools two rows of an image: the largest value of each window, and max(a + da) - max(a), as max((a - max(a)) + da), first of each pair of rows
    /// and then of columns (docs/probing.md). An odd last column is left out.
    /// </summary>
    /// <param name="values">2 x width x 64: a.</param>
    /// <param name="differences">2 x width x 64: da.</param>
    /// <param name="width">The columns of the image.</param>
    /// <param name="pooledValues">width / 2 x 64.</param>
    /// <param name="pooledDifferences">width / 2 x 64.</param>
    public abstract void Run(float* values, float* differences, int width, float* pooledValues, float* pooledDifferences);
}
