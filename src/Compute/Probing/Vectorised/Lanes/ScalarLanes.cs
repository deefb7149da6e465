namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>One lane, for a machine without vectors.</summary>
internal readonly unsafe struct ScalarLanes : ILanes<float>
{
    public static int Count => 1;

    public static float Load(float* source) => *source;

    public static void Store(float value, float* destination) => *destination = value;

    public static float All(float value) => value;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    public static float Maximum(float a, float b) => a > b ? a : b;

    public static float NegativePart(float a) => BitConverter.Int32BitsToSingle(Math.Min(BitConverter.SingleToInt32Bits(a), 0));

    public static float Magnitude(float a) => MathF.Abs(a);

    public static bool AnyAbove(float a, float bound) => a > bound;

    public static float WithSignOf(float a, float sign) => IsNegative(sign) ? -a : a;

    public static float WhereNegative(float sign, float negative, float other) => IsNegative(sign) ? negative : other;

    public static float Round(float a) => MathF.Round(a);

    public static float PowerOfTwo(float a) => BitConverter.Int32BitsToSingle(((int)a + 127) << 23);

    public static void AddTo(double* sums, float value) => *sums += value;

    private static bool IsNegative(float a) => BitConverter.SingleToInt32Bits(a) < 0;
}
