using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>
/// 1 / (1 + exp(-z)). Kept beside z: q = sigmoid(-|z|), the smaller of the probability and its complement, which no saturation rounds away.
/// </summary>
/// <remarks>
/// For z &lt; 0, q is the probability and q+ - q = q (1 - q) e / (1 + q e), e = exp(d) - 1; for z &gt; 0 it is the complement, and moves by -d.
/// Where z crosses 0, q passes 1/2 and is replaced by 1 - q.
/// </remarks>
internal readonly struct SigmoidLanes : IActivationLanes
{
    public static bool SkipsInactiveUnits => false;

    public static bool CarriesState => true;

    public static bool ValueIsNegated => false;

    public static float LargestChange => LaneFunctions.SmallExpm1Bound;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector State<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector>
        where TVector : struct => LaneFunctions.SigmoidOfMinus<TLanes, TVector>(TLanes.Magnitude(z));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Step<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        var one = TLanes.All(1);
        var (before, q) = (z, state);
        var complement = TLanes.Subtract(one, q);
        value = TLanes.WhereNegative(before, q, complement);
        var d = TLanes.Multiply(k, u);
        z = TLanes.Add(before, d);
        // As q sees the change: d where it is the probability (z < 0), -d where it is the complement.
        var seen = TLanes.Subtract(TLanes.All(0), TLanes.WithSignOf(d, before));
        var e = LaneFunctions.SmallExpm1<TLanes, TVector>(seen);
        var moved = TLanes.Divide(TLanes.Multiply(TLanes.Multiply(q, complement), e), TLanes.MultiplyAdd(q, e, one));
        state = SmallerSide<TLanes, TVector>(TLanes.Add(q, moved));
        return TLanes.Subtract(TLanes.All(0), TLanes.WithSignOf(moved, before));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LargeStep<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        var one = TLanes.All(1);
        var before = z;
        value = TLanes.WhereNegative(before, state, TLanes.Subtract(one, state));
        var d = TLanes.Multiply(k, u);
        z = TLanes.Add(before, d);
        state = State<TLanes, TVector>(z);
        // (1 - exp(-|d|)) sigmoid(-z) sigmoid(z + d) upwards and its mirror image downwards: a product, in which nothing cancels.
        var gap = TLanes.Subtract(one, LaneFunctions.Exp<TLanes, TVector>(TLanes.Subtract(TLanes.All(0), TLanes.Magnitude(d))));
        var leaving = LaneFunctions.SigmoidOfMinus<TLanes, TVector>(TLanes.WithSignOf(before, d));
        var arriving = LaneFunctions.SigmoidOfMinus<TLanes, TVector>(TLanes.Subtract(TLanes.All(0), TLanes.WithSignOf(z, d)));
        return TLanes.WithSignOf(TLanes.Multiply(TLanes.Multiply(gap, leaving), arriving), d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SmallerSide<TLanes, TVector>(TVector q)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        var half = TLanes.All(0.5f);
        // 1/2 - |q - 1/2| would round q away: below 1/2 it must stay as it is.
        return TLanes.WhereNegative(TLanes.Subtract(half, q), TLanes.Subtract(TLanes.All(1), q), q);
    }
}
