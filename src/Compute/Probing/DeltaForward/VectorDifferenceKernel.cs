using System.Runtime.CompilerServices;
using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing;

/// <summary>The kernel for one vector width and activation.</summary>
internal sealed unsafe class VectorDifferenceKernel<TLanes, TVector, TActivation> : DifferenceKernel
    where TLanes : ILanes<TVector>
    where TVector : struct
    where TActivation : IActivationLanes
{
    public override bool SkipsInactiveUnits => TActivation.SkipsInactiveUnits;

    public override bool CarriesState => TActivation.CarriesState;

    private static bool TakesAnyChange => float.IsPositiveInfinity(TActivation.LargestChange);

    public override void Begin(in TileLayer layer, int units) =>
        PreActivations<TLanes, TVector, TActivation>.KeepState(layer.PreActivations, layer.State, (long)units * ProbeTile.Probes);

    public override void RunFirst(in FirstLayerStep step, float* overlaps, in TileLayer layer, float* differences, float* arrived)
    {
        for (var e = 0; e < step.Count; e++)
        {
            var (u, a) = (TLanes.All(step.MinusU[e]), TLanes.All(step.Activations[e]));
            var unit = layer.From(step.Units[e]);
            var row = differences + ((long)e * ProbeTile.Probes);
            for (var lane = 0; lane < ProbeTile.Probes; lane += TLanes.Count)
                Move(unit.PreActivations + lane, unit.State + lane, TLanes.Load(overlaps + lane), u, a, step.Applied, row + lane, arrived + lane);
        }
    }

    public override void RunUpper(int units, float* activations, in TileLayer layer, float* changes, bool applied, float* arrived)
    {
        for (var i = 0; i < units; i++)
        {
            var a = TLanes.All(activations[i]);
            var unit = layer.From(i);
            var row = changes + ((long)i * ProbeTile.Probes);
            for (var lane = 0; lane < ProbeTile.Probes; lane += TLanes.Count)
                Move(unit.PreActivations + lane, unit.State + lane, TLanes.Load(row + lane), TLanes.All(1), a, applied, row + lane, arrived + lane);
        }
    }

    // z moves by k u; difference receives dA, and phi(z + k u) a is added to the sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(float* z, float* q, TVector k, TVector u, TVector a, bool applied, float* difference, float* sum)
    {
        var change = !TakesAnyChange && TLanes.AnyAbove(TLanes.Magnitude(TLanes.Multiply(k, u)), TActivation.LargestChange)
            ? PreActivations<TLanes, TVector, TActivation>.MoveFar(z, q, k, u, applied, out var value)
            : PreActivations<TLanes, TVector, TActivation>.Move(z, q, k, u, applied, out value);
        TLanes.Store(change, difference);
        var arrived = TActivation.ValueIsNegated ? TLanes.Subtract(change, value) : TLanes.Add(change, value);
        TLanes.Store(TLanes.MultiplyAdd(arrived, a, TLanes.Load(sum)), sum);
    }
}
