namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>
/// Inner products of rows with the probes of a tile: overlaps with the trained samples, and pre-activations. Each product is added up in an order
/// that depends on nothing but the number of features, so that it has the same bits in whatever shard and tile a probe lies.
/// </summary>
internal abstract unsafe class TileProduct
{
    /// <summary>Features after which a sum in registers is added to the one in memory: short sums round less.</summary>
    protected const int FeaturesInRegisters = 128;

    /// <summary>Adds the products to what <paramref name="products"/> holds.</summary>
    /// <param name="tile">d x 64.</param>
    /// <param name="features">d.</param>
    /// <param name="rows">m x d, row-major.</param>
    /// <param name="count">m.</param>
    /// <param name="products">m x 64.</param>
    public abstract void Add(float* tile, int features, float* rows, int count, float* products);
}
