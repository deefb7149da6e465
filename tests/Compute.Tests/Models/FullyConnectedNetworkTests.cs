using ElasticityStream.Compute.Models;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Models;

public sealed class FullyConnectedNetworkTests
{
    private static readonly NetworkSpec Spec = new(NetworkKind.Mlp, 9, [16, 4], 2, Activation.Tanh, Bias: true);

    [Fact]
    public void Network_starts_from_the_same_weights_for_the_same_seed_whatever_was_drawn_elsewhere()
    {
        using var first = new FullyConnectedNetwork(Spec, torch.CPU, seed: 3);
        using var drawn = torch.rand(100);
        using var second = new FullyConnectedNetwork(Spec, torch.CPU, seed: 3);
        using var other = new FullyConnectedNetwork(Spec, torch.CPU, seed: 4);
        Assert.Equal(Values(first), Values(second));
        Assert.NotEqual(Values(first), Values(other));
    }

    [Fact]
    public void Network_draws_weights_and_biases_uniformly_within_the_inverse_root_of_the_fan_in()
    {
        var wide = Spec with { Inputs = 400, Hidden = [500] };
        using var network = new FullyConnectedNetwork(wide, torch.CPU, seed: 1);
        var weights = NetworkWeights.From(network);
        foreach (var (name, fanIn) in new[] { ("layer1.weight", 400), ("layer1.bias", 400), ("layer2.weight", 500), ("layer2.bias", 500) })
        {
            var bound = 1 / Math.Sqrt(fanIn);
            Assert.All(weights[name].Values, w => Assert.InRange(w, -bound, bound));
        }

        // A uniform distribution on +-b has the variance b^2 / 3.
        var variance = weights["layer1.weight"].Values.Average(w => w * w);
        Assert.InRange(variance * 3 * 400, 0.98, 1.02);
    }

    [Fact]
    public void Network_computes_layer_by_layer_with_the_activation_between_them_only()
    {
        using var network = new FullyConnectedNetwork(Spec, torch.CPU, seed: 1);
        using var x = torch.arange(0, 9, torch.ScalarType.Float64).mul(0.1).reshape(1, 9);
        using var output = network.forward(x);
        var w = NetworkWeights.From(network);
        var a = Enumerable.Range(0, 9).Select(i => i * 0.1).ToArray();
        for (var l = 1; l <= 3; l++)
        {
            var (weight, bias) = (w[$"layer{l}.weight"], w[$"layer{l}.bias"].Values);
            a = [.. bias.Select((b, i) => b + a.Select((v, k) => v * weight.Values[(i * weight.Shape[1]) + k]).Sum())
                .Select(z => l < 3 ? Math.Tanh(z) : z)];
        }

        Assert.Equal(a[0], output[0, 0].item<double>(), 1e-12);
        Assert.Equal(a[1], output[0, 1].item<double>(), 1e-12);
    }

    [Fact]
    public void Parameter_count_is_that_of_the_module()
    {
        using var network = new FullyConnectedNetwork(Spec, torch.CPU, seed: 1);
        Assert.Equal(network.parameters().Sum(p => p.numel()), Spec.ParameterCount);
        using var unbiased = new FullyConnectedNetwork(Spec with { Bias = false }, torch.CPU, seed: 1);
        Assert.Equal(unbiased.parameters().Sum(p => p.numel()), (Spec with { Bias = false }).ParameterCount);
    }

    [Fact]
    public void Weights_of_another_shape_are_refused_by_name()
    {
        using var network = new FullyConnectedNetwork(Spec, torch.CPU, seed: 1);
        using var other = new FullyConnectedNetwork(Spec with { Inputs = 8 }, torch.CPU, seed: 1);
        var error = Assert.Throws<ArgumentException>(() => NetworkWeights.From(other).CopyTo(network));
        Assert.Contains("'layer1.weight' [16, 9] is not the weights' 'layer1.weight' [16, 8]", error.Message, StringComparison.Ordinal);
    }

    private static double[][] Values(FullyConnectedNetwork network) =>
        [.. NetworkWeights.From(network).Parameters.Select(p => p.Values)];
}
