using ElasticityStream.Compute.Models;

namespace ElasticityStream.Compute.Tests.Models;

public sealed class NetworkSpecTests
{
    private static readonly ConvolutionSpec Customary = new(new ImageShape(1, 28, 28), [16, 32], 5);

    [Fact]
    public void Network_is_written_as_a_person_would()
    {
        var mlp = new NetworkSpec(NetworkKind.Mlp, 784, [256], 1, Activation.Relu, Bias: true);
        Assert.Equal("784-256-1 relu", mlp.ToString());
        Assert.Equal("784-3 linear, no biases", (mlp with { Kind = NetworkKind.Linear, Hidden = [], Outputs = 3, Bias = false }).ToString());
        Assert.Equal(
            "784-256-256-1 leaky-relu resnet-mlp",
            (mlp with { Kind = NetworkKind.ResnetMlp, Hidden = [256, 256], Activation = Activation.LeakyRelu }).ToString());
        Assert.Equal(
            "1x28x28 cnn 16-32 5x5 relu, 128-1, no biases",
            (mlp with { Kind = NetworkKind.Cnn, Hidden = [128], Bias = false, Convolutions = Customary }).ToString());
    }

    [Fact]
    public void Image_shrinks_by_each_convolution_and_pooling()
    {
        Assert.Equal(["1x28x28", "16x12x12", "32x4x4"], Customary.Shapes.Select(s => s.ToString()));
        Assert.Equal(["3x32x31", "8x15x14", "4x6x6"], new ConvolutionSpec(new ImageShape(3, 32, 31), [8, 4], 3).Shapes.Select(s => s.ToString()));
    }

    [Theory]
    [InlineData(5, 16)]
    [InlineData(3, 10)]
    [InlineData(1, 4)]
    [InlineData(4, 13)]
    public void Smallest_image_is_the_smallest_that_fits(int kernel, int smallest)
    {
        var spec = Customary with { Kernel = kernel };
        Assert.Equal(smallest, spec.SmallestImage);
        Assert.True((spec with { Image = new ImageShape(1, smallest, smallest) }).Fits);
        Assert.False((spec with { Image = new ImageShape(1, smallest, smallest - 1) }).Fits);
        Assert.False((spec with { Image = new ImageShape(1, smallest - 1, smallest) }).Fits);
    }

    [Fact]
    public void Image_is_read_from_the_shape_of_a_sample()
    {
        Assert.Equal(new ImageShape(1, 28, 27), ImageShape.Of([28, 27]));
        Assert.Equal(new ImageShape(3, 32, 31), ImageShape.Of([3, 32, 31]));
        Assert.Null(ImageShape.Of([784]));
        Assert.Null(ImageShape.Of([1, 3, 32, 32]));
    }
}
