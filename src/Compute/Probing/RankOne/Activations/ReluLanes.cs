using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>max(z, 0). With m = min(z, 0) the difference is max(m + d, m - z): for z &gt; 0 max(d, -z), for z &lt; 0 max(z + d, 0).</summary>
internal readonly struct ReluLanes : IActivationLanes
{
    public static bool SkipsInactiveUnits => true;

    public static bool CarriesState => false;

    public static bool ValueIsNegated => true;

    public static float LargestChange => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector State<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector>
        where TVector : struct => z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Step<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        var negative = TLanes.NegativePart(z);
        value = TLanes.Subtract(negative, z);
        var moved = TLanes.MultiplyAdd(k, u, negative);
        // z + k u as a subtraction: it costs no multiplier.
        z = TLanes.Subtract(moved, value);
        return TLanes.Maximum(moved, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LargeStep<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct => Step<TLanes, TVector>(ref z, ref state, k, u, out value);
}
