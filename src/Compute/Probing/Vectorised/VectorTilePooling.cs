using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>The pooling for one vector width.</summary>
internal sealed unsafe class VectorTilePooling<TLanes, TVector> : TilePooling
    where TLanes : ILanes<TVector>
    where TVector : struct
{
    public override void Run(float* values, float* differences, int width, float* pooledValues, float* pooledDifferences)
    {
        var row = (long)width * ProbeTile.Probes;
        for (var x = 0; x + 1 < width; x += 2)
        {
            var at = (long)x * ProbeTile.Probes;
            var to = at / 2;
            for (var lane = 0; lane < ProbeTile.Probes; lane += TLanes.Count)
            {
                var (left, leftMoved) = Column(values + at + lane, differences + at + lane, row);
                var (right, rightMoved) = Column(values + at + ProbeTile.Probes + lane, differences + at + ProbeTile.Probes + lane, row);
                var (largest, moved) = Larger(left, leftMoved, right, rightMoved);
                TLanes.Store(largest, pooledValues + to + lane);
                TLanes.Store(moved, pooledDifferences + to + lane);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector Value, TVector Difference) Column(float* value, float* difference, long row) =>
        Larger(TLanes.Load(value), TLanes.Load(difference), TLanes.Load(value + row), TLanes.Load(difference + row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector Value, TVector Difference) Larger(TVector a, TVector aMoved, TVector b, TVector bMoved)
    {
        var largest = TLanes.Maximum(a, b);
        var difference = TLanes.Maximum(TLanes.Add(TLanes.Subtract(a, largest), aMoved), TLanes.Add(TLanes.Subtract(b, largest), bMoved));
        return (largest, difference);
    }
}
