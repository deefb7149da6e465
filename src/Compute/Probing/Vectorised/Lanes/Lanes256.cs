using System.Runtime.Intrinsics;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>Lanes of a vector of 256 bits.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<float>>
{
    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    public static int Count => Vector256<float>.Count;

    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    public static void Store(Vector256<float> value, float* destination) => value.Store(destination);

    public static Vector256<float> All(float value) => Vector256.Create(value);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);

    public static Vector256<float> Maximum(Vector256<float> a, Vector256<float> b) => Vector256.MaxNative(a, b);

    public static Vector256<float> NegativePart(Vector256<float> a) => Vector256.Min(a.AsInt32(), Vector256<int>.Zero).AsSingle();

    public static Vector256<float> Magnitude(Vector256<float> a) => Vector256.Abs(a);

    public static bool AnyAbove(Vector256<float> a, float bound) => Vector256.GreaterThanAny(a, Vector256.Create(bound));

    public static Vector256<float> WithSignOf(Vector256<float> a, Vector256<float> sign) => a ^ (sign & Vector256.Create(-0f));

    public static Vector256<float> WhereNegative(Vector256<float> sign, Vector256<float> negative, Vector256<float> other) =>
        Vector256.ConditionalSelect(Vector256.LessThan(sign.AsInt32(), Vector256<int>.Zero).AsSingle(), negative, other);

    public static Vector256<float> Round(Vector256<float> a) => Vector256.Round(a);

    public static Vector256<float> PowerOfTwo(Vector256<float> a) =>
        ((Vector256.ConvertToInt32Native(a) + Vector256.Create(127)) << 23).AsSingle();

    public static void AddTo(double* sums, Vector256<float> value)
    {
        var (lower, upper) = Vector256.Widen(value);
        (Vector256.Load(sums) + lower).Store(sums);
        (Vector256.Load(sums + Vector256<double>.Count) + upper).Store(sums + Vector256<double>.Count);
    }
}
