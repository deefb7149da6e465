using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ElasticityStream.Compute.Models;

/// <summary>
/// The inner product of two float64 vectors in one order of summation. TensorPrimitives.Dot begins at an aligned address, so that its last
/// bits depend on where an array happens to lie, which is not the same in two runs of a study (docs/adr/0007).
/// </summary>
internal static class DotProduct
{
    private const int Lanes = 4;
    private const int Stride = 4 * Lanes;

    /// <summary>Sum of a_i b_i.</summary>
    public static double Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b[..a.Length]);
        // Four sums hide the latency of the addition.
        Vector256<double> first = default, second = default, third = default, fourth = default;
        var i = 0;
        for (; i <= a.Length - Stride; i += Stride)
        {
            first = Add(first, ref x, ref y, i);
            second = Add(second, ref x, ref y, i + Lanes);
            third = Add(third, ref x, ref y, i + (2 * Lanes));
            fourth = Add(fourth, ref x, ref y, i + (3 * Lanes));
        }

        for (; i <= a.Length - Lanes; i += Lanes)
            first = Add(first, ref x, ref y, i);
        var sum = Vector256.Sum(first + second + (third + fourth));
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static Vector256<double> Add(Vector256<double> sum, ref double x, ref double y, int i) => Vector256.FusedMultiplyAdd(
        Vector256.LoadUnsafe(ref Unsafe.Add(ref x, i)), Vector256.LoadUnsafe(ref Unsafe.Add(ref y, i)), sum);
}
