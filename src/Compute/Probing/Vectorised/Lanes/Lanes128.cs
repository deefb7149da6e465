using System.Runtime.Intrinsics;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>Lanes of a vector of 128 bits.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<float>>
{
    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Count => Vector128<float>.Count;

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    public static void Store(Vector128<float> value, float* destination) => value.Store(destination);

    public static Vector128<float> All(float value) => Vector128.Create(value);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.FusedMultiplyAdd(a, b, c);

    public static Vector128<float> Maximum(Vector128<float> a, Vector128<float> b) => Vector128.MaxNative(a, b);

    public static Vector128<float> NegativePart(Vector128<float> a) => Vector128.Min(a.AsInt32(), Vector128<int>.Zero).AsSingle();

    public static Vector128<float> Magnitude(Vector128<float> a) => Vector128.Abs(a);

    public static bool AnyAbove(Vector128<float> a, float bound) => Vector128.GreaterThanAny(a, Vector128.Create(bound));

    public static Vector128<float> WithSignOf(Vector128<float> a, Vector128<float> sign) => a ^ (sign & Vector128.Create(-0f));

    public static Vector128<float> WhereNegative(Vector128<float> sign, Vector128<float> negative, Vector128<float> other) =>
        Vector128.ConditionalSelect(Vector128.LessThan(sign.AsInt32(), Vector128<int>.Zero).AsSingle(), negative, other);

    public static Vector128<float> Round(Vector128<float> a) => Vector128.Round(a);

    public static Vector128<float> PowerOfTwo(Vector128<float> a) =>
        ((Vector128.ConvertToInt32Native(a) + Vector128.Create(127)) << 23).AsSingle();

    public static void AddTo(double* sums, Vector128<float> value)
    {
        var (lower, upper) = Vector128.Widen(value);
        (Vector128.Load(sums) + lower).Store(sums);
        (Vector128.Load(sums + Vector128<double>.Count) + upper).Store(sums + Vector128<double>.Count);
    }
}
