using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>The products with six rows and two vectors of probes in registers.</summary>
internal sealed unsafe class VectorTileProduct<TLanes, TVector> : TileProduct
    where TLanes : ILanes<TVector>
    where TVector : struct
{
    private const int RowsInRegisters = 6;

    // What the e-th product is of: a row of the tile with a column of the rows.
    private interface IPairs
    {
        nint TileRow(nint entry);

        nint Column(nint entry);
    }

    public override void Add(float* tile, in TileRows rows, float* products) => Add(tile, default(AllPairs), rows, products, ProbeTile.Probes);

    public override void AddColumns(float* tile, int* columns, in TileRows rows, float* products) =>
        Add(tile, new ListedColumns(columns), rows, products, ProbeTile.Probes);

    public override void AddPixels(float* tile, int* pixels, in TileRows rows, float* products, long stride) =>
        Add(tile, new ListedPixels(pixels), rows, products, stride);

    private static void Add<TPairs>(float* tile, TPairs pairs, in TileRows rows, float* products, long stride)
        where TPairs : struct, IPairs
    {
        for (var first = 0; first < rows.Width; first += ColumnsInRegisters)
        {
            var last = Math.Min(rows.Width, first + ColumnsInRegisters);
            var row = 0;
            for (; row + RowsInRegisters <= rows.Count; row += RowsInRegisters)
            {
                for (var lane = 0; lane < ProbeTile.Probes; lane += 2 * TLanes.Count)
                    AddSix(tile + lane, pairs, rows.First + (row * rows.Stride), rows.Stride, first, last, products + (row * stride) + lane, stride);
            }

            for (; row < rows.Count; row++)
            {
                for (var lane = 0; lane < ProbeTile.Probes; lane += 4 * TLanes.Count)
                    AddOne(tile + lane, pairs, rows.First + (row * rows.Stride), first, last, products + (row * stride) + lane);
            }
        }
    }

    private static void AddSix<TPairs>(float* tile, TPairs pairs, float* rows, long rowStride, nint first, nint last, float* products, long stride)
        where TPairs : struct, IPairs
    {
        float* r0 = rows, r1 = r0 + rowStride, r2 = r1 + rowStride, r3 = r2 + rowStride, r4 = r3 + rowStride, r5 = r4 + rowStride;
        TVector l0 = TLanes.All(0), l1 = l0, l2 = l0, l3 = l0, l4 = l0, l5 = l0;
        TVector u0 = l0, u1 = l0, u2 = l0, u3 = l0, u4 = l0, u5 = l0;
        for (var e = first; e < last; e++)
        {
            var column = pairs.Column(e);
            var probes = tile + (pairs.TileRow(e) * ProbeTile.Probes);
            var (lower, upper) = (TLanes.Load(probes), TLanes.Load(probes + TLanes.Count));
            Multiply(lower, upper, r0[column], ref l0, ref u0);
            Multiply(lower, upper, r1[column], ref l1, ref u1);
            Multiply(lower, upper, r2[column], ref l2, ref u2);
            Multiply(lower, upper, r3[column], ref l3, ref u3);
            Multiply(lower, upper, r4[column], ref l4, ref u4);
            Multiply(lower, upper, r5[column], ref l5, ref u5);
        }

        AddTo(products, l0, u0);
        AddTo(products + stride, l1, u1);
        AddTo(products + (2 * stride), l2, u2);
        AddTo(products + (3 * stride), l3, u3);
        AddTo(products + (4 * stride), l4, u4);
        AddTo(products + (5 * stride), l5, u5);
    }

    private static void AddOne<TPairs>(float* tile, TPairs pairs, float* row, nint first, nint last, float* products)
        where TPairs : struct, IPairs
    {
        TVector l0 = TLanes.All(0), l1 = l0, u0 = l0, u1 = l0;
        for (var e = first; e < last; e++)
        {
            var factor = row[pairs.Column(e)];
            var probes = tile + (pairs.TileRow(e) * ProbeTile.Probes);
            Multiply(TLanes.Load(probes), TLanes.Load(probes + TLanes.Count), factor, ref l0, ref u0);
            Multiply(TLanes.Load(probes + (2 * TLanes.Count)), TLanes.Load(probes + (3 * TLanes.Count)), factor, ref l1, ref u1);
        }

        AddTo(products, l0, u0);
        AddTo(products + (2 * TLanes.Count), l1, u1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(TVector lower, TVector upper, float factor, ref TVector lowerSum, ref TVector upperSum)
    {
        var all = TLanes.All(factor);
        lowerSum = TLanes.MultiplyAdd(lower, all, lowerSum);
        upperSum = TLanes.MultiplyAdd(upper, all, upperSum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(float* products, TVector lower, TVector upper)
    {
        TLanes.Store(TLanes.Add(TLanes.Load(products), lower), products);
        TLanes.Store(TLanes.Add(TLanes.Load(products + TLanes.Count), upper), products + TLanes.Count);
    }

    private readonly struct AllPairs : IPairs
    {
        public nint TileRow(nint entry) => entry;

        public nint Column(nint entry) => entry;
    }

    private readonly struct ListedColumns(int* columns) : IPairs
    {
        public nint TileRow(nint entry) => entry;

        public nint Column(nint entry) => columns[entry];
    }

    private readonly struct ListedPixels(int* pixels) : IPairs
    {
        public nint TileRow(nint entry) => pixels[entry];

        public nint Column(nint entry) => entry;
    }
}
