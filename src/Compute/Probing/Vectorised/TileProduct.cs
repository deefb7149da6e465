namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>
/// Inner products of rows with the probes of a tile. Each product is added up in an order that depends on nothing but the columns that it runs over, so
/// that it has the same bits in whatever shard and tile a probe lies.
/// </summary>
internal abstract unsafe class TileProduct
{
    /// <summary>Columns after which a sum in registers is added to the one in memory: short sums round less.</summary>
    protected const int ColumnsInRegisters = 128;

    /// <summary>Adds the products of whole rows to what <paramref name="products"/> holds.</summary>
    /// <param name="tile">w x 64.</param>
    /// <param name="rows">m rows of w values.</param>
    /// <param name="products">m x 64.</param>
    public abstract void Add(float* tile, in TileRows rows, float* products);

    /// <summary>Adds the products with some columns of the rows only.</summary>
    /// <param name="tile">c x 64: what column <paramref name="columns"/>[e] is multiplied with is the e-th row of it.</param>
    /// <param name="columns">c columns, ascending.</param>
    /// <param name="rows">m rows of w values; <see cref="TileRows.Width"/> is c.</param>
    /// <param name="products">m x 64.</param>
    public abstract void AddColumns(float* tile, int* columns, in TileRows rows, float* products);

    /// <summary>Adds the products of whole rows with some rows of the tile: a kernel with the pixels under it.</summary>
    /// <param name="tile">Where the first pixel lies.</param>
    /// <param name="pixels">w rows of the tile, from there on.</param>
    /// <param name="rows">m rows of w values.</param>
    /// <param name="products">m times 64 values, <paramref name="stride"/> apart.</param>
    /// <param name="stride">From one row of the products to the next.</param>
    public abstract void AddPixels(float* tile, int* pixels, in TileRows rows, float* products, long stride);
}
