using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>max(z, 0). With m = min(z, 0) the difference is max(m + d, m - z): for z &gt; 0 max(d, -z), for z &lt; 0 max(z + d, 0).</summary>
internal readonly struct ReluLanes : IActivationLanes
{
    public static bool SkipsInactiveUnits => true;

    public static bool ValueIsNegated => true;

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
}
