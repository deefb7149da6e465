using TorchSharp;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models;

/// <summary>
/// Torch's operations of a tensor with a number, and the sum of two tensors, whose weight 1 is such a number too. TorchSharp's own
/// turn the number into a <see cref="Scalar"/> and keep it alive only until its address is read: a garbage collection during the call
/// frees it, and the call computes with whatever lies there then. Here it lives until the call has returned (docs/adr/0006).
/// </summary>
internal static class ScalarArithmetic
{
    private static readonly Scalar One = 1.ToScalar();

    /// <summary>a + b.</summary>
    public static Tensor plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary>a += b.</summary>
    public static Tensor plus_(this Tensor a, Tensor b) => a.add_(b, One);

    /// <summary>a += number.</summary>
    public static Tensor plus_(this Tensor a, double number)
    {
        using var scalar = number.ToScalar();
        return a.add_(scalar, One);
    }

    /// <summary>a times a number.</summary>
    public static Tensor times(this Tensor a, double number)
    {
        using var scalar = number.ToScalar();
        return a.mul(scalar);
    }

    /// <summary>a *= number.</summary>
    public static Tensor times_(this Tensor a, double number)
    {
        using var scalar = number.ToScalar();
        return a.mul_(scalar);
    }

    /// <summary>min(a, number).</summary>
    public static Tensor at_most(this Tensor a, double number)
    {
        using var scalar = number.ToScalar();
        return a.clamp_max(scalar);
    }

    /// <summary>Whether a &gt; number.</summary>
    public static Tensor is_above(this Tensor a, double number)
    {
        using var scalar = number.ToScalar();
        return a.gt(scalar);
    }

    /// <summary>Leaky ReLU of a with a slope below 0.</summary>
    public static Tensor leaky(this Tensor a, double slope)
    {
        using var scalar = slope.ToScalar();
        return a.leaky_relu(scalar);
    }
}
