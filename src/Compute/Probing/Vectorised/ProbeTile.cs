namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>
/// How probes lie in memory: tiles of 64 probes, side by side for each feature or hidden unit, [tile][unit][probe of the tile]. The last tile
/// is filled up with probes whose features are 0.
/// </summary>
internal static class ProbeTile
{
    /// <summary>The probes of a tile: four vectors of 512 bits.</summary>
    public const int Probes = 64;

    /// <summary>The number of tiles that hold n probes.</summary>
    public static int Count(int probes) => (probes + Probes - 1) / Probes;

    /// <summary>Lays n x d row-major values out in tiles [tile][d][64].</summary>
    public static AlignedBuffer<float> Arrange(ReadOnlySpan<double> values, int probes)
    {
        var columns = probes == 0 ? 0 : values.Length / probes;
        var tiles = new AlignedBuffer<float>((long)Count(probes) * columns * Probes);
        for (var j = 0; j < probes; j++)
        {
            var tile = tiles.Slice((long)(j / Probes) * columns * Probes, columns * Probes);
            for (var i = 0; i < columns; i++)
                tile[(i * Probes) + (j % Probes)] = (float)values[(j * columns) + i];
        }

        return tiles;
    }
}
