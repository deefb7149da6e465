using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Tests.Probing;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Models;

public sealed class LayeredNetworkTests
{
    public static TheoryData<NetworkKind> Kinds => LayeredCase.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Network_starts_from_the_same_weights_for_the_same_seed_whatever_was_drawn_elsewhere(NetworkKind kind)
    {
        var spec = LayeredCase.Of(kind).Network;
        using var first = new LayeredNetwork(spec, torch.CPU, seed: 3);
        using var drawn = torch.rand(100);
        using var second = new LayeredNetwork(spec, torch.CPU, seed: 3);
        using var other = new LayeredNetwork(spec, torch.CPU, seed: 4);
        Assert.Equal(Values(first), Values(second));
        Assert.NotEqual(Values(first), Values(other));
    }

    [Fact]
    public void Convolution_is_drawn_uniformly_within_the_inverse_root_of_the_values_of_a_kernel()
    {
        var spec = LayeredCase.Of(NetworkKind.Cnn).Network with { Inputs = 320, Convolutions = new(new ImageShape(5, 8, 8), [400, 30], 2) };
        using var network = new LayeredNetwork(spec, torch.CPU, seed: 1);
        var weights = NetworkWeights.From(network);
        foreach (var (name, fanIn) in new[] { ("layer1", 20), ("layer2", 1600), ("layer3", 30), ("layer4", 5) })
        {
            var bound = 1 / Math.Sqrt(fanIn);
            Assert.All(weights[$"{name}.weight"].Values.Concat(weights[$"{name}.bias"].Values), w => Assert.InRange(w, -bound, bound));
        }

        // A uniform distribution on +-b has the variance b^2 / 3.
        Assert.InRange(weights["layer1.weight"].Values.Average(w => w * w) * 3 * 20, 0.97, 1.03);
        Assert.InRange(weights["layer2.weight"].Values.Average(w => w * w) * 3 * 1600, 0.97, 1.03);
    }

    [Fact]
    public void Resnet_mlp_draws_what_a_plain_network_of_its_widths_draws()
    {
        var spec = LayeredCase.Of(NetworkKind.ResnetMlp).Network;
        using var network = new LayeredNetwork(spec, torch.CPU, seed: 3);
        using var plain = new FullyConnectedNetwork(spec with { Kind = NetworkKind.Mlp }, torch.CPU, seed: 3);
        Assert.Equal(Values(plain), Values(network));
    }

    [Theory]
    [MemberData(nameof(LayeredCase.Names), MemberType = typeof(LayeredCase))]
    public void Network_computes_what_plain_loops_do(string name)
    {
        var setting = LayeredCase.Named(name);
        using var scope = torch.NewDisposeScope();
        using var network = new LayeredNetwork(setting.Network, torch.CPU, seed: 1);
        var weights = NetworkWeights.From(network);
        var outputs = network.forward(torch.tensor(setting.Features, LayeredCase.Samples, setting.Inputs));
        Assert.Equal([LayeredCase.Samples, setting.Outputs], outputs.shape);
        double[] expected =
            [.. setting.Features.Chunk(setting.Inputs).SelectMany(x => SlowLayeredNetwork.Outputs(setting.Network, weights, x))];
        Assert.InRange(Arrays.RelativeError(outputs.data<double>().ToArray(), expected), 0, 1e-13);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parameter_count_is_that_of_the_module(NetworkKind kind)
    {
        foreach (var bias in new[] { true, false })
        {
            var spec = LayeredCase.Of(kind).Network with { Bias = bias, Outputs = 3 };
            using var network = new LayeredNetwork(spec, torch.CPU, seed: 1);
            Assert.Equal(network.parameters().Sum(p => p.numel()), spec.ParameterCount);
        }
    }

    [Fact]
    public void Network_that_lacks_what_its_kind_needs_is_refused()
    {
        var cnn = LayeredCase.Of(NetworkKind.Cnn).Network;
        var resnet = LayeredCase.Of(NetworkKind.ResnetMlp).Network;
        foreach (var spec in new[]
        {
            cnn with { Convolutions = null },
            cnn with { Inputs = 219 },
            cnn with { Convolutions = cnn.Convolutions! with { Kernel = 5 } },
            resnet with { Hidden = [8] },
            resnet with { Hidden = [8, 7] },
        })
        {
            Assert.Throws<ArgumentException>("network", () => new LayeredNetwork(spec, torch.CPU, seed: 1));
        }
    }

    private static IEnumerable<double> Values(torch.nn.Module network) => NetworkWeights.From(network).Parameters.SelectMany(p => p.Values);
}
