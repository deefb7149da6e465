using ElasticityStream.Compute.Tests.Models;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Tests.Training;

/// <summary>Losses, gradients and correctness against their definitions in 384-bit arithmetic.</summary>
public sealed class LossFunctionTests
{
    private const double Tolerance = 1e-15;

    private static readonly double[] Logits = [0, 0.2, -0.2, 1, -3, 8, -15, 30, -38, 45, -60, 90, -90];

    [Theory]
    [InlineData(0.25, 1, 0.5625, -1.5, false)]
    [InlineData(0.75, 1, 0.0625, -0.5, true)]
    [InlineData(0.75, 0, 0.5625, 1.5, false)]
    [InlineData(-2, 0, 4, -4, true)]
    [InlineData(1, 1, 0, 0, true)]
    public void Squared_error_has_no_factor_one_half(double f, double y, double loss, double gradient, bool correct)
    {
        var outputGradient = new double[1];
        var evaluated = new LossFunction(Loss.Mse, Prediction.Logit).Evaluate([f], y, outputGradient);
        Assert.Equal(new LossAtSample(loss, f, gradient, correct), evaluated);
        Assert.Equal(gradient, outputGradient[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(0.3)]
    public void Binary_cross_entropy_keeps_its_digits_at_extreme_logits(double y)
    {
        foreach (var logit in Logits)
        {
            var p = FixedPoint.Sigmoid(logit);
            var q = FixedPoint.Sigmoid(-logit);
            // -y log p - (1 - y) log q; log(1 + exp(x)) of the larger exponent is x + log(1 + exp(-x)).
            var loss = (y * Softplus(-logit)) + ((1 - (FixedPoint)y) * Softplus(logit));
            var gradient = new double[1];

            var onLogit = new LossFunction(Loss.Bce, Prediction.Logit).Evaluate([logit], y, gradient);
            AssertClose(loss, onLogit.Loss);
            Assert.Equal(logit, onLogit.Prediction);
            AssertClose(p - y, onLogit.Gradient, (double)p);
            Assert.Equal(onLogit.Gradient, gradient[0]);

            var onProbability = new LossFunction(Loss.Bce, Prediction.Probability).Evaluate([logit], y, gradient);
            Assert.Equal(onLogit.Loss, onProbability.Loss);
            AssertClose(p, onProbability.Prediction);
            AssertClose((p - y) / (p * q), onProbability.Gradient, 1 / (double)q);
            // The parameters move by the logit's gradient, whichever prediction is measured.
            Assert.Equal(onLogit.Gradient, gradient[0]);
            Assert.Equal(logit >= 0 == y >= 0.5, onProbability.Correct);
        }
    }

    [Fact]
    public void Binary_cross_entropy_of_a_fully_saturated_fit_has_no_finite_gradient_by_the_probability()
    {
        // p = 0 to the last float64, and y = 0: (p - y) / (p q) is 0 / 0. The row is degenerate; the step itself is 0.
        var gradient = new double[1];
        var evaluated = new LossFunction(Loss.Bce, Prediction.Probability).Evaluate([-800], 0, gradient);
        Assert.Equal(0, evaluated.Loss);
        Assert.Equal(0, gradient[0]);
        Assert.False(double.IsFinite(evaluated.Gradient));
    }

    [Fact]
    public void Cross_entropy_agrees_with_its_definition_for_2_to_10_classes_at_extreme_logits()
    {
        var random = new SeededRandom(5, 1);
        for (var classes = 2; classes <= 10; classes++)
        {
            foreach (var spread in new[] { 1e-6, 1, 10, 90 })
            {
                var outputs = Enumerable.Range(0, classes).Select(_ => spread * ((2 * random.NextDouble()) - 1)).ToArray();
                for (var label = 0; label < classes; label++)
                    CheckCrossEntropy(outputs, label);
            }
        }
    }

    [Fact]
    public void Cross_entropy_does_not_overflow()
    {
        var gradient = new double[3];
        var evaluated = new LossFunction(Loss.CrossEntropy, Prediction.Logit).Evaluate([1e4, -1e4, 0], 1, gradient);
        Assert.Equal(2e4, evaluated.Loss);
        Assert.Equal([1, -1, 0], gradient);
        Assert.Equal(0, evaluated.Prediction);
        Assert.Equal(Math.Sqrt(2), evaluated.Gradient);
    }

    [Fact]
    public void Output_gradient_is_the_slope_of_the_loss()
    {
        const double step = 1e-6;
        var random = new SeededRandom(6, 1);
        foreach (var (loss, outputs, labels) in new[]
        {
            (Loss.Mse, 1, new[] { 0, 1, -2.5 }), (Loss.Bce, 1, [0, 1, 0.3]), (Loss.CrossEntropy, 4, [0.0, 1, 2, 3]),
        })
        {
            var function = new LossFunction(loss, Prediction.Probability);
            var f = Enumerable.Range(0, outputs).Select(_ => (4 * random.NextDouble()) - 2).ToArray();
            foreach (var y in labels)
            {
                var gradient = new double[outputs];
                function.Evaluate(f, y, gradient);
                for (var k = 0; k < outputs; k++)
                {
                    double At(double offset) => function.Evaluate([.. f.Select((v, i) => i == k ? v + offset : v)], y, new double[outputs]).Loss;
                    Assert.Equal((At(step) - At(-step)) / (2 * step), gradient[k], 1e-8);
                }
            }
        }
    }

    [Theory]
    [InlineData(Loss.Bce, Prediction.Probability, true)]
    [InlineData(Loss.Bce, Prediction.Logit, false)]
    [InlineData(Loss.Mse, Prediction.Probability, false)]
    [InlineData(Loss.CrossEntropy, Prediction.Probability, false)]
    public void Probability_is_measured_for_binary_cross_entropy_only(Loss loss, Prediction prediction, bool expected) =>
        Assert.Equal(expected, new LossFunction(loss, prediction).MeasuresProbability);

    private static void CheckCrossEntropy(double[] outputs, int label)
    {
        var exponentials = outputs.Select(f => FixedPoint.Exp(f)).ToArray();
        var sum = exponentials.Aggregate((a, b) => a + b);
        // A difference of two outputs is rounded, which its exponential magnifies.
        var tolerance = 8e-16 + (1.2e-16 * (outputs.Max() - outputs.Min()));
        var gradient = new double[outputs.Length];
        var evaluated = new LossFunction(Loss.CrossEntropy, Prediction.Logit).Evaluate(outputs, label, gradient);

        // log(sum / e_y) = log(1 + the others / e_y).
        var expectedLoss = FixedPoint.Log1p((sum - exponentials[label]) / exponentials[label]);
        AssertClose(expectedLoss, evaluated.Loss, Math.Max((double)expectedLoss, outputs.Max(Math.Abs)), tolerance);
        AssertClose(exponentials[label] / sum, evaluated.Prediction, tolerance: tolerance);
        var squares = 0.0;
        for (var k = 0; k < outputs.Length; k++)
        {
            var slope = (k == label ? exponentials[k] - sum : exponentials[k]) / sum;
            AssertClose(slope, gradient[k], tolerance: tolerance);
            squares += (double)slope * (double)slope;
        }

        Assert.Equal(Math.Sqrt(squares), evaluated.Gradient, tolerance * Math.Sqrt(squares));
        Assert.Equal(outputs[label] == outputs.Max(), evaluated.Correct);
    }

    private static FixedPoint Softplus(double x) => Math.Max(x, 0) + FixedPoint.Log1p(FixedPoint.Exp(-Math.Abs(x)));

    private static void AssertClose(FixedPoint expected, double actual, double? scale = null, double tolerance = Tolerance)
    {
        var value = (double)expected;
        Assert.True(
            Math.Abs(actual - value) <= tolerance * Math.Max(Math.Abs(value), scale ?? 0), $"{actual:r} instead of {value:r}");
    }
}
