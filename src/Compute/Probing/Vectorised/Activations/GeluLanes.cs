using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>
/// z F(z), F the normal distribution function; its difference is d F(z + d) + z (F(z + d) - F(z)). Kept beside z: F(-|z|), the smaller tail,
/// which no saturation rounds away.
/// </summary>
internal readonly struct GeluLanes : IActivationLanes
{
    private const float InverseSqrt2Pi = 0.39894228040143268f;

    public static bool SkipsInactiveUnits => false;

    public static bool CarriesState => true;

    public static bool ValueIsNegated => false;

    /// <summary>Beyond it the series of the integral, cut after the fourth power, is no longer good to float32.</summary>
    public static float LargestChange => 0.25f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector State<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector>
        where TVector : struct => LaneFunctions.NormalTail<TLanes, TVector>(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Step<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        var one = TLanes.All(1);
        var (before, tail) = (z, state);
        var below = TLanes.WhereNegative(before, tail, TLanes.Subtract(one, tail));
        value = TLanes.Multiply(before, below);
        var d = TLanes.Multiply(k, u);
        z = TLanes.Add(before, d);

        // The integral of the density over the step, from its value and even derivatives in the middle m: with s = m^2,
        // density(m) d (1 + (s - 1) d^2/24 + (s^2 - 6 s + 3) d^4/1920).
        var middle = TLanes.MultiplyAdd(d, TLanes.All(0.5f), before);
        var s = TLanes.Multiply(middle, middle);
        var d2 = TLanes.Multiply(d, d);
        var fourth = TLanes.MultiplyAdd(s, TLanes.Subtract(s, TLanes.All(6)), TLanes.All(3));
        var series = TLanes.MultiplyAdd(TLanes.Multiply(fourth, TLanes.All(1f / 1920)), d2, TLanes.Multiply(TLanes.Subtract(s, one), TLanes.All(1f / 24)));
        var density = TLanes.Multiply(LaneFunctions.Exp<TLanes, TVector>(TLanes.Multiply(s, TLanes.All(-0.5f))), TLanes.All(InverseSqrt2Pi));
        var crossed = TLanes.Multiply(TLanes.Multiply(density, d), TLanes.MultiplyAdd(series, d2, one));

        // The kept tail grows by it where z < 0 and shrinks where z > 0; past 1/2 it is the other tail that is the smaller one.
        var moved = TLanes.Subtract(tail, TLanes.WithSignOf(crossed, before));
        state = TLanes.WhereNegative(TLanes.Subtract(TLanes.All(0.5f), moved), TLanes.Subtract(one, moved), moved);
        return TLanes.MultiplyAdd(d, TLanes.Add(below, crossed), TLanes.Multiply(before, crossed));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LargeStep<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        var one = TLanes.All(1);
        var (before, tail) = (z, state);
        var below = TLanes.WhereNegative(before, tail, TLanes.Subtract(one, tail));
        value = TLanes.Multiply(before, below);
        var d = TLanes.Multiply(k, u);
        z = TLanes.Add(before, d);
        state = State<TLanes, TVector>(z);
        var belowAfter = TLanes.WhereNegative(z, state, TLanes.Subtract(one, state));

        // F(z + d) - F(z), on the side of 0 where z lies, as a difference of tails, which over so long a step does not cancel.
        var aboveAfter = TLanes.WhereNegative(z, TLanes.Subtract(one, state), state);
        var crossed = TLanes.WhereNegative(before, TLanes.Subtract(belowAfter, tail), TLanes.Subtract(tail, aboveAfter));
        return TLanes.MultiplyAdd(d, belowAfter, TLanes.Multiply(before, crossed));
    }
}
