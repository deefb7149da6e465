using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>The products with six rows and two vectors of probes in registers.</summary>
internal sealed unsafe class VectorTileProduct<TLanes, TVector> : TileProduct
    where TLanes : ILanes<TVector>
    where TVector : struct
{
    private const int RowsInRegisters = 6;

    public override void Add(float* tile, int features, float* rows, int count, float* products)
    {
        for (var first = 0; first < features; first += FeaturesInRegisters)
        {
            var last = Math.Min(features, first + FeaturesInRegisters);
            var row = 0;
            for (; row + RowsInRegisters <= count; row += RowsInRegisters)
            {
                for (var lane = 0; lane < ProbeTile.Probes; lane += 2 * TLanes.Count)
                    AddSix(tile + lane, rows + ((long)row * features), features, first, last, products + ((long)row * ProbeTile.Probes) + lane);
            }

            for (; row < count; row++)
            {
                for (var lane = 0; lane < ProbeTile.Probes; lane += 2 * TLanes.Count)
                    AddOne(tile + lane, rows + ((long)row * features), first, last, products + ((long)row * ProbeTile.Probes) + lane);
            }
        }
    }

    private static void AddSix(float* tile, float* rows, int features, int first, int last, float* products)
    {
        float* r0 = rows, r1 = r0 + features, r2 = r1 + features, r3 = r2 + features, r4 = r3 + features, r5 = r4 + features;
        TVector l0 = TLanes.All(0), l1 = l0, l2 = l0, l3 = l0, l4 = l0, l5 = l0;
        TVector u0 = l0, u1 = l0, u2 = l0, u3 = l0, u4 = l0, u5 = l0;
        for (var i = first; i < last; i++)
        {
            var lower = TLanes.Load(tile + (i * ProbeTile.Probes));
            var upper = TLanes.Load(tile + (i * ProbeTile.Probes) + TLanes.Count);
            Multiply(lower, upper, r0[i], ref l0, ref u0);
            Multiply(lower, upper, r1[i], ref l1, ref u1);
            Multiply(lower, upper, r2[i], ref l2, ref u2);
            Multiply(lower, upper, r3[i], ref l3, ref u3);
            Multiply(lower, upper, r4[i], ref l4, ref u4);
            Multiply(lower, upper, r5[i], ref l5, ref u5);
        }

        AddTo(products, l0, u0);
        AddTo(products + ProbeTile.Probes, l1, u1);
        AddTo(products + (2 * ProbeTile.Probes), l2, u2);
        AddTo(products + (3 * ProbeTile.Probes), l3, u3);
        AddTo(products + (4 * ProbeTile.Probes), l4, u4);
        AddTo(products + (5 * ProbeTile.Probes), l5, u5);
    }

    private static void AddOne(float* tile, float* row, int first, int last, float* products)
    {
        TVector lower = TLanes.All(0), upper = lower;
        for (var i = first; i < last; i++)
            Multiply(TLanes.Load(tile + (i * ProbeTile.Probes)), TLanes.Load(tile + (i * ProbeTile.Probes) + TLanes.Count), row[i], ref lower, ref upper);
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
}
