using System.Numerics;
using System.Numerics.Tensors;
using ElasticityStream.Compute.Models;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>The activation at the hidden units of one sample, in the trainer's precision.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal static class HiddenUnits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>phi(z).</summary>
    public static void Value(Activation activation, ReadOnlySpan<T> z, Span<T> value)
    {
        switch (activation)
        {
            case Activation.Relu:
                TensorPrimitives.Max(z, T.Zero, value);
                break;
            case Activation.Tanh:
                TensorPrimitives.Tanh(z, value);
                break;
            case Activation.Sigmoid:
                TensorPrimitives.Sigmoid(z, value);
                break;
            case Activation.Identity:
                z.CopyTo(value);
                break;
            default:
                for (var i = 0; i < z.Length; i++)
                    value[i] = T.CreateTruncating(ScalarActivations.Value(activation, double.CreateTruncating(z[i])));
                break;
        }
    }

    /// <summary>v phi'(z).</summary>
    public static void Backward(Activation activation, ReadOnlySpan<T> z, ReadOnlySpan<double> v, Span<T> result)
    {
        switch (activation)
        {
            case Activation.Relu:
                TensorPrimitives.ConvertTruncating(v, result);
                KeepWherePositive(z, result);
                break;
            case Activation.Identity:
                TensorPrimitives.ConvertTruncating(v, result);
                break;
            default:
                for (var i = 0; i < z.Length; i++)
                    result[i] = T.CreateTruncating(v[i] * ScalarActivations.Derivative(activation, double.CreateTruncating(z[i])));
                break;
        }
    }

    /// <summary>phi(z + d) - phi(z), without subtracting two values of phi.</summary>
    /// <param name="activation">phi.</param>
    /// <param name="z">The pre-activations.</param>
    /// <param name="d">Their changes; receives the differences.</param>
    public static void Difference(Activation activation, ReadOnlySpan<T> z, Span<T> d)
    {
        switch (activation)
        {
            case Activation.Relu:
                ReluDifference(z, d);
                break;
            case Activation.Identity:
                break;
            default:
                for (var i = 0; i < z.Length; i++)
                    d[i] = T.CreateTruncating(ScalarActivations.Difference(activation, double.CreateTruncating(z[i]), double.CreateTruncating(d[i])));
                break;
        }
    }

    private static void KeepWherePositive(ReadOnlySpan<T> z, Span<T> values)
    {
        var i = 0;
        for (; i + Vector<T>.Count <= z.Length; i += Vector<T>.Count)
        {
            var kept = Vector.ConditionalSelect(Vector.GreaterThan(new Vector<T>(z[i..]), Vector<T>.Zero), new Vector<T>(values[i..]), Vector<T>.Zero);
            kept.CopyTo(values[i..]);
        }

        for (; i < z.Length; i++)
            values[i] = z[i] > T.Zero ? values[i] : T.Zero;
    }

    private static void ReluDifference(ReadOnlySpan<T> z, Span<T> d)
    {
        var i = 0;
        for (; i + Vector<T>.Count <= z.Length; i += Vector<T>.Count)
        {
            var before = new Vector<T>(z[i..]);
            var negative = Vector.Min(before, Vector<T>.Zero);
            Vector.Max(negative + new Vector<T>(d[i..]), negative - before).CopyTo(d[i..]);
        }

        for (; i < z.Length; i++)
        {
            var negative = T.Min(z[i], T.Zero);
            d[i] = T.Max(negative + d[i], negative - z[i]);
        }
    }
}
