using System.Runtime.CompilerServices;
using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing;

/// <summary>The kernel for one vector width and activation.</summary>
internal sealed unsafe class VectorDifferenceKernel<TLanes, TVector, TActivation> : DifferenceKernel
    where TLanes : ILanes<TVector>
    where TVector : struct
    where TActivation : IActivationLanes
{
    // Terms after which a sum is added to the one of the layer: short sums round less.
    private const int TermsInPart = 128;

    public override bool SkipsInactiveUnits => TActivation.SkipsInactiveUnits;

    public override bool CarriesState => TActivation.CarriesState;

    private static bool TakesAnyChange => float.IsPositiveInfinity(TActivation.LargestChange);

    public override void Begin(in TileLayer layer, long units) =>
        PreActivations<TLanes, TVector, TActivation>.KeepState(layer.PreActivations, layer.State, units * ProbeTile.Probes);

    public override void RunFirst(in FirstLayerStep step, float* overlaps, in TileLayer layer, in TileDifferences result)
    {
        var partial = stackalloc float[ProbeTile.Probes];
        for (var first = 0; first < step.Count; first += TermsInPart)
        {
            Clear(partial);
            for (var e = first; e < Math.Min(step.Count, first + TermsInPart); e++)
            {
                var (u, a) = (TLanes.All(step.MinusU[e]), TLanes.All(step.Activations[e]));
                var unit = layer.From(step.Units[e]);
                var row = result.From(e);
                for (var lane = 0; lane < ProbeTile.Probes; lane += TLanes.Count)
                    AddProduct(Move(unit, lane, TLanes.Load(overlaps + lane), u, step.Applied, row), a, partial + lane);
            }

            AddTo(result.Sums, partial);
        }
    }

    public override void Run(int units, in TileLayer layer, bool applied, in TileDifferences result, float* activations)
    {
        var partial = stackalloc float[ProbeTile.Probes];
        for (var first = 0; first < units; first += TermsInPart)
        {
            Clear(partial);
            for (var i = first; i < Math.Min(units, first + TermsInPart); i++)
            {
                var a = activations is null ? TLanes.All(0) : TLanes.All(activations[i]);
                var unit = layer.From(i);
                var row = result.From(i);
                for (var lane = 0; lane < ProbeTile.Probes; lane += TLanes.Count)
                {
                    var value = Move(unit, lane, TLanes.Load(row.Differences + lane), TLanes.All(1), applied, row);
                    if (activations is not null)
                        AddProduct(value, a, partial + lane);
                }
            }

            if (activations is not null)
                AddTo(result.Sums, partial);
        }
    }

    // z moves by k u; returns phi(z) before, its sign turned or not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Move(in TileLayer unit, int lane, TVector k, TVector u, bool applied, in TileDifferences row)
    {
        float* z = unit.PreActivations, q = unit.State;
        var change = !TakesAnyChange && TLanes.AnyAbove(TLanes.Magnitude(TLanes.Multiply(k, u)), TActivation.LargestChange)
            ? PreActivations<TLanes, TVector, TActivation>.MoveFar(z + lane, q + lane, k, u, applied, out var value)
            : PreActivations<TLanes, TVector, TActivation>.Move(z + lane, q + lane, k, u, applied, out value);
        TLanes.Store(change, row.Differences + lane);
        if (row.Values is not null)
            TLanes.Store(TActivation.ValueIsNegated ? TLanes.Subtract(TLanes.All(0), value) : value, row.Values + lane);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProduct(TVector value, TVector a, float* sums)
    {
        var signed = TActivation.ValueIsNegated ? TLanes.Subtract(TLanes.All(0), a) : a;
        TLanes.Store(TLanes.MultiplyAdd(value, signed, TLanes.Load(sums)), sums);
    }

    private static void Clear(float* sums)
    {
        for (var lane = 0; lane < ProbeTile.Probes; lane += TLanes.Count)
            TLanes.Store(TLanes.All(0), sums + lane);
    }

    private static void AddTo(float* sums, float* partial)
    {
        for (var lane = 0; lane < ProbeTile.Probes; lane += TLanes.Count)
            TLanes.Store(TLanes.Add(TLanes.Load(sums + lane), TLanes.Load(partial + lane)), sums + lane);
    }
}
