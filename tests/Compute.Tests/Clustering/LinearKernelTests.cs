using CsCheck;
using ElasticityStream.Compute.Clustering;

namespace ElasticityStream.Compute.Tests.Clustering;

public sealed class LinearKernelTests
{
    [Fact]
    public void Linear_kernel_is_every_product_and_exactly_symmetric() =>
        ClusteringGen.Rows.Sample(input =>
        {
            var kernel = LinearKernel.Of(input.Rows, input.Points);
            var expected = SlowClustering.LinearKernel(input.Rows, input.Points);
            for (var i = 0; i < input.Points; i++)
            {
                for (var j = 0; j < input.Points; j++)
                {
                    Assert.Equal(expected[i * input.Points + j], kernel[i * input.Points + j], 1e-14);
                    Assert.Equal(kernel[j * input.Points + i], kernel[i * input.Points + j]);
                }
            }
        });

    [Fact]
    public void Vector_arithmetic_agrees_with_plain_loops_at_every_length()
    {
        var random = new SeededRandom(1, 1);
        for (var length = 0; length <= 33; length++)
        {
            var a = Enumerable.Range(0, length).Select(_ => random.NextDouble()).ToArray();
            var b = Enumerable.Range(0, length).Select(_ => random.NextDouble()).ToArray();
            Assert.Equal(a.Zip(b, (x, y) => x * y).Sum(), VectorArithmetic.Dot(a, b), 1e-13);
            Assert.Equal(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum(), VectorArithmetic.SquaredDistance(a, b), 1e-13);
            var expected = a.Zip(b, (x, y) => (x + 2 * y) * 3).ToArray();
            VectorArithmetic.AddScaled(a, b, 2);
            VectorArithmetic.Scale(a, 3);
            for (var i = 0; i < length; i++)
                Assert.Equal(expected[i], a[i], 1e-14);
        }
    }
}
