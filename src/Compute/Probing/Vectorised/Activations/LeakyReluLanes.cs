using System.Runtime.CompilerServices;
using ElasticityStream.Compute.Models;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>s z + (1 - s) max(z, 0) with the slope s below 0; so is its difference.</summary>
internal readonly struct LeakyReluLanes : IActivationLanes
{
    private const float Slope = (float)ActivationFunctions.LeakySlope;
    private const float Rest = (float)(1 - ActivationFunctions.LeakySlope);

    public static bool SkipsInactiveUnits => false;

    public static bool ValueIsNegated => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Step<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        var negative = TLanes.NegativePart(z);
        var positiveNegated = TLanes.Subtract(negative, z);
        value = TLanes.MultiplyAdd(negative, TLanes.All(-Slope), positiveNegated);
        var change = TLanes.Multiply(k, u);
        var difference = TLanes.Maximum(TLanes.MultiplyAdd(k, u, negative), positiveNegated);
        z = TLanes.Add(z, change);
        return TLanes.MultiplyAdd(difference, TLanes.All(Rest), TLanes.Multiply(change, TLanes.All(Slope)));
    }
}
