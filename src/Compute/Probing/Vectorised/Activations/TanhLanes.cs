using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>tanh(z) = 2 sigmoid(2 z) - 1; its difference is twice that of the sigmoid at 2 z.</summary>
internal readonly struct TanhLanes : IActivationLanes
{
    public static bool SkipsInactiveUnits => false;

    public static bool CarriesState => true;

    public static bool ValueIsNegated => false;

    public static float LargestChange => SigmoidLanes.LargestChange / 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector State<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector>
        where TVector : struct => SigmoidLanes.State<TLanes, TVector>(TLanes.Add(z, z));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Step<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        var doubled = TLanes.Add(z, z);
        var difference = SigmoidLanes.Step<TLanes, TVector>(ref doubled, ref state, k, TLanes.Add(u, u), out value);
        return Finish<TLanes, TVector>(ref z, doubled, difference, ref value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LargeStep<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        var doubled = TLanes.Add(z, z);
        var difference = SigmoidLanes.LargeStep<TLanes, TVector>(ref doubled, ref state, k, TLanes.Add(u, u), out value);
        return Finish<TLanes, TVector>(ref z, doubled, difference, ref value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Finish<TLanes, TVector>(ref TVector z, TVector doubled, TVector difference, ref TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        z = TLanes.Multiply(doubled, TLanes.All(0.5f));
        value = TLanes.MultiplyAdd(value, TLanes.All(2), TLanes.All(-1));
        return TLanes.Add(difference, difference);
    }
}
