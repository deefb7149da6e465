using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>z itself.</summary>
internal readonly struct IdentityLanes : IActivationLanes
{
    public static bool SkipsInactiveUnits => false;

    public static bool CarriesState => false;

    public static bool ValueIsNegated => false;

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
        value = z;
        var change = TLanes.Multiply(k, u);
        z = TLanes.Add(z, change);
        return change;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LargeStep<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct => Step<TLanes, TVector>(ref z, ref state, k, u, out value);
}
