using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models;

/// <summary>The activations as torch operations: value, derivative, and the difference of two values computed without subtracting them.</summary>
public static class ActivationFunctions
{
    /// <summary>The slope of the leaky ReLU below 0.</summary>
    public const double LeakySlope = 0.01;

    private const double InverseSqrt2 = 0.70710678118654752440;
    private const double InverseSqrt2Pi = 0.39894228040143267794;

    // Gauss-Legendre on [0, 1], 5 points: exact to 1e-13 for the normal density over an interval of length 1/2.
    private static readonly (double Node, double Weight)[] GaussLegendre =
    [
        (0.04691007703066800, 0.11846344252809454),
        (0.23076534494715845, 0.23931433524968324),
        (0.5, 0.28444444444444444),
        (0.76923465505284155, 0.23931433524968324),
        (0.95308992296933200, 0.11846344252809454),
    ];

    /// <summary>The name used in study files and plots.</summary>
    public static string Name(Activation activation) =>
        activation == Activation.LeakyRelu ? "leaky-relu" : activation.ToString().ToLowerInvariant();

    /// <summary>phi(z), elementwise.</summary>
    public static Tensor Value(Activation activation, Tensor z) => activation switch
    {
        Activation.Relu => z.relu(),
        Activation.LeakyRelu => z.leaky(LeakySlope),
        Activation.Tanh => z.tanh(),
        Activation.Sigmoid => z.sigmoid(),
        Activation.Gelu => nn.functional.gelu(z),
        Activation.Identity => z,
        _ => throw Unknown(activation),
    };

    /// <summary>phi'(z), elementwise; at the kink of a ReLU the slope on its left, as in PyTorch.</summary>
    public static Tensor Derivative(Activation activation, Tensor z)
    {
        switch (activation)
        {
            case Activation.Relu:
                return z.is_above(0).to_type(z.dtype);
            case Activation.LeakyRelu:
                return z.is_above(0).to_type(z.dtype).times_(1 - LeakySlope).plus_(LeakySlope);
            case Activation.Tanh:
                // 1 - tanh^2 = 4 sigmoid(2z) sigmoid(-2z): keeps its relative accuracy where tanh is close to 1.
                return z.times(2).sigmoid_().mul_(z.times(-2).sigmoid_()).times_(4);
            case Activation.Sigmoid:
                return z.sigmoid().mul(z.neg().sigmoid());
            case Activation.Gelu:
                return NormalDistribution(z).plus_(z.mul(NormalDensity(z)));
            case Activation.Identity:
                return ones_like(z);
            default:
                throw Unknown(activation);
        }
    }

    /// <summary>
    /// phi(z + dz) - phi(z), elementwise, to a few units in the last place of dz phi' however small dz is: no two values of phi
    /// are subtracted (docs/adr/0004).
    /// </summary>
    /// <param name="activation">phi.</param>
    /// <param name="z">Pre-activations, any shape.</param>
    /// <param name="dz">Their changes, the same shape.</param>
    public static Tensor Difference(Activation activation, Tensor z, Tensor dz) => activation switch
    {
        Activation.Relu => ReluDifference(z, dz),
        Activation.LeakyRelu => ReluDifference(z, dz).times_(1 - LeakySlope).plus_(dz.times(LeakySlope)),
        Activation.Tanh => SigmoidDifference(z.times(2), dz.times(2)).times_(2),
        Activation.Sigmoid => SigmoidDifference(z, dz),
        Activation.Gelu => GeluDifference(z, dz),
        Activation.Identity => dz,
        _ => throw Unknown(activation),
    };

    // With m = min(z, 0) this is max(m + dz, m - z): for z > 0 it is max(dz, -z), for z < 0 max(z + dz, 0).
    private static Tensor ReluDifference(Tensor z, Tensor dz)
    {
        var negative = z.at_most(0);
        var moved = negative.plus(dz);
        return maximum(moved, negative.sub_(z));
    }

    // (1 - exp(-|dz|)) sigmoid(-z) sigmoid(z + dz) for dz > 0 and its mirror image for dz < 0: a product, in which nothing cancels,
    // nothing overflows, and a saturated z needs no case of its own.
    private static Tensor SigmoidDifference(Tensor z, Tensor dz)
    {
        var sign = dz.sign();
        var leaving = z.mul(sign).neg_().sigmoid_();
        var arriving = z.plus(dz).mul_(sign).sigmoid_();
        return dz.abs().neg_().expm1_().neg_().mul_(sign).mul_(leaving).mul_(arriving);
    }

    // z F(z) with F the normal distribution: dz F(z + dz) + z (F(z + dz) - F(z)). The last difference is an integral of the density
    // over a short interval, and a difference of tail probabilities, which no longer cancels, over a long one.
    private static Tensor GeluDifference(Tensor z, Tensor dz)
    {
        var integral = zeros_like(z);
        foreach (var (node, weight) in GaussLegendre)
            integral.plus_(NormalDensity(z.plus(dz.times(node))).times_(weight));
        integral.mul_(dz);

        var moved = z.plus(dz);
        var upperTails = UpperTail(z).sub_(UpperTail(moved));
        var lowerTails = UpperTail(moved.neg()).sub_(UpperTail(z.neg()));
        var byTails = where(z.is_above(0), upperTails, lowerTails);
        var change = where(dz.abs().is_above(0.5), byTails, integral);
        return NormalDistribution(moved).mul_(dz).plus_(change.mul_(z));
    }

    private static Tensor NormalDensity(Tensor z) => z.mul(z).times_(-0.5).exp_().times_(InverseSqrt2Pi);

    private static Tensor NormalDistribution(Tensor z) => UpperTail(z.neg());

    private static Tensor UpperTail(Tensor z) => special.erfc(z.times(InverseSqrt2)).times_(0.5);

    private static ArgumentOutOfRangeException Unknown(Activation activation) =>
        new(nameof(activation), activation, "Not an activation.");
}
