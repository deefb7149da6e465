using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// Float64 vector arithmetic of clustering, always four lanes and never fused: every machine, whatever its widest vector,
/// adds in the same order and gets the same bits.
/// </summary>
internal static class VectorArithmetic
{
    private const int Lanes = 4;

    /// <summary>Sum of a_i b_i.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b[..a.Length]);
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i <= a.Length - 2 * Lanes; i += 2 * Lanes)
        {
            even += Load(ref x, i) * Load(ref y, i);
            odd += Load(ref x, i + Lanes) * Load(ref y, i + Lanes);
        }

        var sum = Vector256.Sum(even + odd);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>Sum of (a_i - b_i)^2.</summary>
    public static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b[..a.Length]);
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i <= a.Length - 2 * Lanes; i += 2 * Lanes)
        {
            var p = Load(ref x, i) - Load(ref y, i);
            var q = Load(ref x, i + Lanes) - Load(ref y, i + Lanes);
            even += p * p;
            odd += q * q;
        }

        var sum = Vector256.Sum(even + odd);
        for (; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    /// <summary>The dot products of one row with four others, in one pass over it.</summary>
    /// <param name="a">The row, d.</param>
    /// <param name="b">Four rows one after the other, 4 d.</param>
    /// <param name="products">Four results.</param>
    public static void FourDots(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> products)
    {
        var d = a.Length;
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b[..(4 * d)]);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i <= d - Lanes; i += Lanes)
        {
            var v = Load(ref x, i);
            s0 += v * Load(ref y, i);
            s1 += v * Load(ref y, i + d);
            s2 += v * Load(ref y, i + 2 * d);
            s3 += v * Load(ref y, i + 3 * d);
        }

        products[0] = Vector256.Sum(s0);
        products[1] = Vector256.Sum(s1);
        products[2] = Vector256.Sum(s2);
        products[3] = Vector256.Sum(s3);
        for (; i < d; i++)
        {
            for (var k = 0; k < 4; k++)
                products[k] += a[i] * b[k * d + i];
        }
    }

    /// <summary>target += factor * source.</summary>
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        ref var t = ref MemoryMarshal.GetReference(target);
        ref var s = ref MemoryMarshal.GetReference(source[..target.Length]);
        var scale = Vector256.Create(factor);
        var i = 0;
        for (; i <= target.Length - Lanes; i += Lanes)
            (Load(ref t, i) + scale * Load(ref s, i)).StoreUnsafe(ref t, (nuint)i);
        for (; i < target.Length; i++)
            target[i] += factor * source[i];
    }

    /// <summary>values *= factor.</summary>
    public static void Scale(Span<double> values, double factor)
    {
        ref var v = ref MemoryMarshal.GetReference(values);
        var scale = Vector256.Create(factor);
        var i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
            (Load(ref v, i) * scale).StoreUnsafe(ref v, (nuint)i);
        for (; i < values.Length; i++)
            values[i] *= factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Load(ref double start, int index) => Vector256.LoadUnsafe(ref start, (nuint)index);
}
