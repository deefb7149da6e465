namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>Rows in memory, as a <see cref="TileProduct"/> reads them.</summary>
/// <param name="first">The first row.</param>
/// <param name="count">m, how many there are.</param>
/// <param name="width">How many values of each are multiplied.</param>
/// <param name="stride">From one row to the next.</param>
internal readonly unsafe struct TileRows(float* first, int count, int width, long stride)
{
    public float* First => first;

    public int Count => count;

    public int Width => width;

    public long Stride => stride;
}
