using System.Runtime.Intrinsics;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>Lanes of a vector of 512 bits.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<float>>
{
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    public static int Count => Vector512<float>.Count;

    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    public static void Store(Vector512<float> value, float* destination) => value.Store(destination);

    public static Vector512<float> All(float value) => Vector512.Create(value);

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

    public static Vector512<float> Maximum(Vector512<float> a, Vector512<float> b) => Vector512.MaxNative(a, b);

    public static Vector512<float> NegativePart(Vector512<float> a) => Vector512.Min(a.AsInt32(), Vector512<int>.Zero).AsSingle();

    public static Vector512<float> Magnitude(Vector512<float> a) => Vector512.Abs(a);

    public static bool AnyAbove(Vector512<float> a, float bound) => Vector512.GreaterThanAny(a, Vector512.Create(bound));

    public static Vector512<float> WithSignOf(Vector512<float> a, Vector512<float> sign) => a ^ (sign & Vector512.Create(-0f));

    public static Vector512<float> WhereNegative(Vector512<float> sign, Vector512<float> negative, Vector512<float> other) =>
        Vector512.ConditionalSelect(Vector512.LessThan(sign.AsInt32(), Vector512<int>.Zero).AsSingle(), negative, other);

    public static Vector512<float> Round(Vector512<float> a) => Vector512.Round(a);

    public static Vector512<float> PowerOfTwo(Vector512<float> a) =>
        ((Vector512.ConvertToInt32Native(a) + Vector512.Create(127)) << 23).AsSingle();

    public static void AddTo(double* sums, Vector512<float> value)
    {
        var (lower, upper) = Vector512.Widen(value);
        (Vector512.Load(sums) + lower).Store(sums);
        (Vector512.Load(sums + Vector512<double>.Count) + upper).Store(sums + Vector512<double>.Count);
    }
}
