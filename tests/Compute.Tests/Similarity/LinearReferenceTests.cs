using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Compute.Tests.Similarity;

public sealed class LinearReferenceTests
{
    [Theory]
    [InlineData(255, 0, 0.548)]
    [InlineData(127.5, -1, 0.513)]
    public void Linear_reference_of_MNIST_5_and_9_is_that_of_independent_runs(double scale, double offset, double expected)
    {
        var pair = MnistPair.Read(5, 9, perDigit: 500);
        var features = Array.ConvertAll(pair.Pixels, v => (v / scale) + offset);
        var contrast = LinearReference.Contrasts(features, pair.Classes, bias: true)[SimilarityMeasure.Kernelized];
        Assert.Equal(expected, contrast.Index!.Value, 1e-3);
    }

    [Theory]
    [InlineData(SimilarityMeasure.Kernelized, true)]
    [InlineData(SimilarityMeasure.Kernelized, false)]
    [InlineData(SimilarityMeasure.Relative, true)]
    [InlineData(SimilarityMeasure.Relative, false)]
    public void Linear_reference_is_the_contrast_of_all_products(SimilarityMeasure measure, bool bias)
    {
        const int n = 9, d = 5;
        var random = new SeededRandom(7, 1);
        var x = Enumerable.Range(0, n * d).Select(_ => (2 * random.NextDouble()) - 1).ToArray();
        int[] classes = [0, 1, 2, 0, 1, 2, 0, 0, 1];
        double Kernel(int i, int j) => Enumerable.Range(0, d).Sum(k => x[(i * d) + k] * x[(j * d) + k]) + (bias ? 1 : 0);
        double S(int i, int j) => measure == SimilarityMeasure.Kernelized ? Kernel(i, j) : Math.Abs(Kernel(i, j)) / Kernel(i, i);

        var expected = SlowContrast.Of(n, classes, Enumerable.Range(0, n), S);
        var actual = LinearReference.Contrasts(x, classes, bias)[measure];
        Assert.Equal(expected.SameClass!.Value, actual.SameClass!.Value, 1e-13);
        Assert.Equal(expected.DifferentClass!.Value, actual.DifferentClass!.Value, 1e-13);
    }

    [Fact]
    public void Linear_reference_leaves_out_a_relative_row_without_a_denominator()
    {
        // A sample of zeros does not move a model without biases.
        var contrast = LinearReference.Contrasts([0, 1, 2, -4], [0, 0, 0, 1], bias: false)[SimilarityMeasure.Relative];
        Assert.Equal((0 + 2 + 0 + 0.5) / 4, contrast.SameClass);
        Assert.Equal((4 + 2 + 0 + 0.25 + 0.5) / 5, contrast.DifferentClass);
    }
}
