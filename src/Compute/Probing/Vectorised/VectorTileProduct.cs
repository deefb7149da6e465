using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>The products with six rows and two vectors of probes in registers.</summary>
internal sealed unsafe class VectorTileProduct<TLanes, TVector> : TileProduct
    where TLanes : ILanes<TVector>
    where TVector : struct
{
    private const int RowsInRegisters = 6;

    private interface IColumns
    {
        nint this[nint entry] { get; }
    }

    public override void Add(float* tile, in TileRows rows, float* products) => Add(tile, default(AllColumns), rows, products);

    public override void Add(float* tile, int* columns, in TileRows rows, float* products) => Add(tile, new ListedColumns(columns), rows, products);

    private static void Add<TColumns>(float* tile, TColumns columns, in TileRows rows, float* products)
        where TColumns : struct, IColumns
    {
        for (var first = 0; first < rows.Width; first += ColumnsInRegisters)
        {
            var last = Math.Min(rows.Width, first + ColumnsInRegisters);
            var row = 0;
            for (; row + RowsInRegisters <= rows.Count; row += RowsInRegisters)
            {
                for (var lane = 0; lane < ProbeTile.Probes; lane += 2 * TLanes.Count)
                    AddSix(tile + lane, columns, rows.First + (row * rows.Stride), rows.Stride, first, last, products + (row * ProbeTile.Probes) + lane);
            }

            for (; row < rows.Count; row++)
            {
                for (var lane = 0; lane < ProbeTile.Probes; lane += 2 * TLanes.Count)
                    AddOne(tile + lane, columns, rows.First + (row * rows.Stride), first, last, products + (row * ProbeTile.Probes) + lane);
            }
        }
    }

    private static void AddSix<TColumns>(float* tile, TColumns columns, float* rows, long stride, nint first, nint last, float* products)
        where TColumns : struct, IColumns
    {
        float* r0 = rows, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride, r4 = r3 + stride, r5 = r4 + stride;
        TVector l0 = TLanes.All(0), l1 = l0, l2 = l0, l3 = l0, l4 = l0, l5 = l0;
        TVector u0 = l0, u1 = l0, u2 = l0, u3 = l0, u4 = l0, u5 = l0;
        for (var e = first; e < last; e++)
        {
            var column = columns[e];
            var lower = TLanes.Load(tile + (e * ProbeTile.Probes));
            var upper = TLanes.Load(tile + (e * ProbeTile.Probes) + TLanes.Count);
            Multiply(lower, upper, r0[column], ref l0, ref u0);
            Multiply(lower, upper, r1[column], ref l1, ref u1);
            Multiply(lower, upper, r2[column], ref l2, ref u2);
            Multiply(lower, upper, r3[column], ref l3, ref u3);
            Multiply(lower, upper, r4[column], ref l4, ref u4);
            Multiply(lower, upper, r5[column], ref l5, ref u5);
        }

        AddTo(products, l0, u0);
        AddTo(products + ProbeTile.Probes, l1, u1);
        AddTo(products + (2 * ProbeTile.Probes), l2, u2);
        AddTo(products + (3 * ProbeTile.Probes), l3, u3);
        AddTo(products + (4 * ProbeTile.Probes), l4, u4);
        AddTo(products + (5 * ProbeTile.Probes), l5, u5);
    }

    private static void AddOne<TColumns>(float* tile, TColumns columns, float* row, nint first, nint last, float* products)
        where TColumns : struct, IColumns
    {
        TVector lower = TLanes.All(0), upper = lower;
        for (var e = first; e < last; e++)
        {
            var probes = tile + (e * ProbeTile.Probes);
            Multiply(TLanes.Load(probes), TLanes.Load(probes + TLanes.Count), row[columns[e]], ref lower, ref upper);
        }

        AddTo(products, lower, upper);
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

    private readonly struct AllColumns : IColumns
    {
        public nint this[nint entry] => entry;
    }

    private readonly struct ListedColumns(int* columns) : IColumns
    {
        public nint this[nint entry] => columns[entry];
    }
}
