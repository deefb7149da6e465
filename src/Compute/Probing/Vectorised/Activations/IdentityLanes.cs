using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>z itself.</summary>
internal readonly struct IdentityLanes : IActivationLanes
{
    public static bool SkipsInactiveUnits => false;

    public static bool ValueIsNegated => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Step<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        value = z;
        var change = TLanes.Multiply(k, u);
        z = TLanes.Add(z, change);
        return change;
    }
}
