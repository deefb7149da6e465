using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Probing.Vectorised;
using ElasticityStream.Compute.Tests.Models;

namespace ElasticityStream.Compute.Tests.Probing.Vectorised;

/// <summary>The activations of the kernel: differences of any size, at any pre-activation, against those in float64, and these against 384-bit arithmetic.</summary>
public sealed class ActivationLanesTests
{
    private static readonly float[] Sizes = [0, 1e-30f, 1e-12f, 1e-6f, 1e-3f, 0.1f, 0.2499f, 0.26f, 1, 3, 20];

    private static readonly float[] PreActivations =
        [0, -0f, 1e-6f, -1e-6f, 0.3f, -0.3f, -0.7517916f, 1, -1, 2.5f, -2.5f, 5, -5, 9, -9, 17, -17];

    [Fact]
    public void Relu_difference_is_exact_to_float32() => Check<ReluLanes>(Activation.Relu);

    [Fact]
    public void LeakyRelu_difference_is_exact_to_float32() => Check<LeakyReluLanes>(Activation.LeakyRelu);

    [Fact]
    public void Tanh_difference_is_exact_to_float32() => Check<TanhLanes>(Activation.Tanh);

    [Fact]
    public void Sigmoid_difference_is_exact_to_float32() => Check<SigmoidLanes>(Activation.Sigmoid);

    [Fact]
    public void Gelu_difference_is_exact_to_float32() => Check<GeluLanes>(Activation.Gelu);

    [Fact]
    public void Identity_difference_is_exact_to_float32() => Check<IdentityLanes>(Activation.Identity);

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.LeakyRelu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.Identity)]
    public void Scalar_activations_are_exact_to_float64(Activation activation)
    {
        foreach (double z in PreActivations)
        {
            Assert.Equal((double)ExactActivation.Value(activation, z), ScalarActivations.Value(activation, z), 1e-14 * Math.Max(1, Math.Abs(z)));
            Assert.Equal((double)ExactActivation.Derivative(activation, z), ScalarActivations.Derivative(activation, z), 1e-14);
            foreach (double size in Sizes)
            {
                foreach (var d in new[] { size, -size })
                {
                    var expected = (double)(ExactActivation.Value(activation, (FixedPoint)z + d) - ExactActivation.Value(activation, z));
                    Assert.Equal(expected, ScalarActivations.Difference(activation, z, d), 1e-13 * Math.Abs(d));
                }
            }
        }
    }

    [Fact]
    public void Exp_is_good_to_float32()
    {
        for (var x = -86f; x < 87; x += 0.013f)
            Assert.Equal(1, LaneFunctions.Exp<ScalarLanes, float>(x) / Math.Exp(x), 4e-7);
        Assert.InRange(LaneFunctions.Exp<ScalarLanes, float>(-1e9f), 0, 1e-37);
        Assert.True(LaneFunctions.Exp<ScalarLanes, float>(1e9f) > 1e38);
    }

    [Fact]
    public void Normal_tail_is_good_to_float32()
    {
        for (var x = -9f; x < 9; x += 0.0137f)
        {
            var expected = 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(Math.Abs(x) / Math.Sqrt(2));
            // The rounding of the exponent x^2/2 is a relative error of the result.
            Assert.Equal(1, LaneFunctions.NormalTail<ScalarLanes, float>(x) / expected, 4e-7 + (1.3e-7 * x * x));
            Assert.Equal(expected, LaneFunctions.NormalTail<ScalarLanes, float>(x), 2.5e-7 * (0.05 + expected));
        }
    }

    /// <summary>What is kept beside the pre-activations follows a thousand small steps through 0 and back, out of saturation and into it.</summary>
    [Theory]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Gelu)]
    public void State_follows_the_steps(Activation activation)
    {
        switch (activation)
        {
            case Activation.Sigmoid:
                Follow<SigmoidLanes>();
                break;
            case Activation.Tanh:
                Follow<TanhLanes>();
                break;
            default:
                Follow<GeluLanes>();
                break;
        }
    }

    private static void Follow<TActivation>()
        where TActivation : IActivationLanes
    {
        foreach (var start in new[] { 6f, -6f })
        {
            var z = start;
            var state = TActivation.State<ScalarLanes, float>(z);
            for (var step = 0; step < 1000; step++)
            {
                // Across to the other side and back.
                var u = (step < 500 ? -1 : 1) * MathF.Sign(start) * 0.024f;
                TActivation.Step<ScalarLanes, float>(ref z, ref state, 1, u, out _);
                var fresh = TActivation.State<ScalarLanes, float>(z);
                // What has been near 1/2 has that number's rounding.
                Assert.Equal(fresh, state, (2e-5f * fresh) + 1e-6f);
            }
        }
    }

    private static void Check<TActivation>(Activation activation)
        where TActivation : IActivationLanes
    {
        foreach (var z in PreActivations)
        {
            foreach (var size in Sizes)
            {
                foreach (var d in new[] { size, -size })
                {
                    CheckStep<TActivation>(activation, z, d, large: true);
                    if (size <= TActivation.LargestChange)
                        CheckStep<TActivation>(activation, z, d, large: false);
                }
            }
        }
    }

    private static void CheckStep<TActivation>(Activation activation, float before, float d, bool large)
        where TActivation : IActivationLanes
    {
        // The formula for large changes is used for those only; below, it may lose digits.
        if (large && MathF.Abs(d) <= TActivation.LargestChange)
            return;
        var z = before;
        var state = TActivation.State<ScalarLanes, float>(z);
        var difference = large
            ? TActivation.LargeStep<ScalarLanes, float>(ref z, ref state, 1, d, out var value)
            : TActivation.Step<ScalarLanes, float>(ref z, ref state, 1, d, out value);
        var expected = ScalarActivations.Difference(activation, before, d);
        var where = $"{activation} at {before:r} by {d:r}";
        // A few units in the last place of d phi', or of d where phi' itself is the difference of larger numbers; in the tails, where the
        // result is an exponential of z, as many more as z has.
        var scale = (Math.Abs(expected) * Math.Max(1, Math.Abs(before) / 4)) + (activation == Activation.Gelu ? Math.Abs(d) * 0.3 : 0);
        Assert.True(Math.Abs(difference - expected) <= (1e-6 * scale) + 1e-37, $"{where}: {difference:r} instead of {expected:r}");
        var expectedValue = ScalarActivations.Value(activation, before);
        Assert.Equal(TActivation.ValueIsNegated ? -expectedValue : expectedValue, value, 3e-7 * Math.Max(1, Math.Abs(expectedValue)));
        Assert.Equal(before + d, z, 2e-7f * (1 + Math.Abs(before) + Math.Abs(d)));
    }
}
