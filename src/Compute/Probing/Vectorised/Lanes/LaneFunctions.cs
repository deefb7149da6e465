using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>Elementary functions on lanes, to a few units in the last place of float32.</summary>
internal static class LaneFunctions
{
    /// <summary>The largest |x| at which <see cref="SmallExpm1"/> is good to float32.</summary>
    public const float SmallExpm1Bound = 0.25f;

    private const float Log2E = 1.44269504088896341f;

    // ln 2 in two parts, the first with so few digits that its product with an integer is exact.
    private const float Ln2Upper = 0.693359375f;
    private const float Ln2Lower = -2.12194440e-4f;
    private const float LargestExponent = 88;
    private const float SmallestExponent = -87;
    private const float InverseSqrt2 = 0.70710678118654752f;

    // erfc(x) = t exp(P(t) - x^2), t = 1 / (1 + x/2): P fitted to float64 values at 400 Chebyshev nodes, to 6e-8 for x up to 13, beyond which
    // erfc is 0 in float32.
    private static readonly float[] ErfcPolynomial =
    [
        0.16350527f, -0.78085464f, 1.3890574f, -1.0007509f, 0.16704954f, -0.12735072f, 0.07725112f, 0.37798092f, 0.999606f, -1.265494f,
    ];

    /// <summary>exp(x), with x cut off where the result would not be a normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TLanes, TVector>(TVector x)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        x = TLanes.Maximum(x, TLanes.All(SmallestExponent));
        x = TLanes.Subtract(TLanes.All(0), TLanes.Maximum(TLanes.Subtract(TLanes.All(0), x), TLanes.All(-LargestExponent)));
        var n = TLanes.Round(TLanes.Multiply(x, TLanes.All(Log2E)));
        var r = TLanes.MultiplyAdd(n, TLanes.All(-Ln2Upper), x);
        r = TLanes.MultiplyAdd(n, TLanes.All(-Ln2Lower), r);
        // Taylor's series: the first term left out is below 1e-8 for |r| <= ln 2 / 2.
        var p = TLanes.All(1f / 5040);
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1f / 720));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1f / 120));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1f / 24));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1f / 6));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(0.5f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1));
        return TLanes.Multiply(p, TLanes.PowerOfTwo(n));
    }

    /// <summary>exp(x) - 1 for |x| up to <see cref="SmallExpm1Bound"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SmallExpm1<TLanes, TVector>(TVector x)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        var p = TLanes.MultiplyAdd(x, TLanes.All(1f / 720), TLanes.All(1f / 120));
        p = TLanes.MultiplyAdd(p, x, TLanes.All(1f / 24));
        p = TLanes.MultiplyAdd(p, x, TLanes.All(1f / 6));
        p = TLanes.MultiplyAdd(p, x, TLanes.All(0.5f));
        return TLanes.MultiplyAdd(TLanes.Multiply(x, x), p, x);
    }

    /// <summary>1 / (1 + exp(x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SigmoidOfMinus<TLanes, TVector>(TVector x)
        where TLanes : ILanes<TVector>
        where TVector : struct => TLanes.Divide(TLanes.All(1), TLanes.Add(TLanes.All(1), Exp<TLanes, TVector>(x)));

    /// <summary>The normal distribution's tail beyond |x|, at most 1/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector NormalTail<TLanes, TVector>(TVector x)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        var s = TLanes.Multiply(TLanes.Magnitude(x), TLanes.All(InverseSqrt2));
        var t = TLanes.Divide(TLanes.All(1), TLanes.MultiplyAdd(s, TLanes.All(0.5f), TLanes.All(1)));
        var p = TLanes.All(ErfcPolynomial[0]);
        p = TLanes.MultiplyAdd(p, t, TLanes.All(ErfcPolynomial[1]));
        p = TLanes.MultiplyAdd(p, t, TLanes.All(ErfcPolynomial[2]));
        p = TLanes.MultiplyAdd(p, t, TLanes.All(ErfcPolynomial[3]));
        p = TLanes.MultiplyAdd(p, t, TLanes.All(ErfcPolynomial[4]));
        p = TLanes.MultiplyAdd(p, t, TLanes.All(ErfcPolynomial[5]));
        p = TLanes.MultiplyAdd(p, t, TLanes.All(ErfcPolynomial[6]));
        p = TLanes.MultiplyAdd(p, t, TLanes.All(ErfcPolynomial[7]));
        p = TLanes.MultiplyAdd(p, t, TLanes.All(ErfcPolynomial[8]));
        p = TLanes.MultiplyAdd(p, t, TLanes.All(ErfcPolynomial[9]));
        var exponent = TLanes.Subtract(p, TLanes.Multiply(s, s));
        return TLanes.Multiply(TLanes.Multiply(t, TLanes.All(0.5f)), Exp<TLanes, TVector>(exponent));
    }
}
