using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>
/// Both shards of delta-forward against full-forward in float64, for networks whose layers fill no tile, chunk or register block: probes in three tiles,
/// the last one almost empty, and a block longer than a shard takes at once.
/// </summary>
public sealed class DeltaForwardShapeTests
{
    private const int Probes = 130;
    private const int Steps = 70;

    private static readonly Dictionary<string, NetworkSpec> Networks = new NetworkSpec[]
    {
        Mlp(1, 1, 129), Mlp(4, 257, 1), Mlp(1, 5, 5, 5, 5), Mlp(4, 128, 128), Mlp(1, 130, 260, 7), Mlp(4, 3), Mlp(1, 20, 4099),
        new(NetworkKind.ResnetMlp, 17, [70, 70], 1, Activation.Relu, Bias: true),
        new(NetworkKind.ResnetMlp, 17, [9, 9], 3, Activation.Relu, Bias: true),
        Cnn(1, new ImageShape(1, 13, 12), [7, 5], 2), Cnn(3, new ImageShape(3, 12, 17), [6, 13], 3), Cnn(1, new ImageShape(2, 9, 9), [1, 1], 2),
    }.ToDictionary(n => n.ToString());

    public static MatrixTheoryData<string, Activation, bool, bool> Cases { get; } =
        new(Networks.Keys, [Activation.Relu, Activation.Tanh, Activation.Gelu], [true, false], [false, true]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Perturbations_are_those_of_full_forward(string name, Activation activation, bool bias, bool inTorch)
    {
        var network = Networks[name] with { Activation = activation, Bias = bias };
        var loss = new LossFunction(network.Outputs > 1 ? Loss.CrossEntropy : Loss.Bce, Prediction.Probability);
        var features = EngineCase.Uniform(Steps * network.Inputs, stream: 4);
        double[] labels = [.. Enumerable.Range(0, Steps).Select(i => (double)(i % Math.Max(2, network.Outputs)))];
        using var actual = new Follower(ProbeEngineKind.DeltaForward, network, loss, inTorch);
        using var oracle = new Follower(ProbeEngineKind.FullForward, network, loss, inTorch: false);
        foreach (var apply in new[] { true, false })
        {
            var rows = actual.Perturb(features, labels, apply);
            var expected = Enumerable.Range(0, Steps).Select(
                b => oracle.Perturb(features.AsSpan(b * network.Inputs, network.Inputs), labels.AsSpan(b, 1), apply)).ToArray();
            // Where one value of a pooling window overtakes another, a row is good to some 1e-5 only; over all of them the error stays below.
            Assert.InRange(Arrays.RelativeError(rows.Change, [.. expected.SelectMany(e => e.Change)]), 0, 5e-6);
            Assert.Equal(network.Outputs > 1, rows.Magnitude is not null);
            if (rows.Magnitude is not null)
                Assert.InRange(Arrays.RelativeError(rows.Magnitude, [.. expected.SelectMany(e => e.Magnitude!)]), 0, 5e-6);
        }
    }

    private static NetworkSpec Mlp(int outputs, params int[] hidden) => new(NetworkKind.Mlp, 17, hidden, outputs, Activation.Relu, Bias: true);

    private static NetworkSpec Cnn(int outputs, ImageShape image, int[] channels, int kernel) =>
        new(NetworkKind.Cnn, image.Size, [9], outputs, Activation.Relu, Bias: true) { Convolutions = new ConvolutionSpec(image, channels, kernel) };

    private sealed class Follower : IDisposable
    {
        private readonly IStepper _stepper;
        private readonly IProbeShard _shard;

        public Follower(ProbeEngineKind kind, NetworkSpec network, LossFunction loss, bool inTorch)
        {
            var engine = ProbeEngine.Create(kind, network, loss, torch.CPU, seed: 5);
            _stepper = engine.CreateStepper();
            _stepper.LearningRate = 0.003;
            var features = EngineCase.Uniform(Probes * network.Inputs, stream: 3);
            _shard = inTorch
                ? new TorchDeltaForwardShard(network, loss, torch.CPU, features, Probes)
                : engine.CreateShard(features, Probes);
            _shard.Load(NetworkWeights.From(_stepper.Model));
        }

        public PerturbationBlock Perturb(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, bool apply) =>
            _shard.Perturb(_stepper.Step(features, labels, apply).Updates);

        public void Dispose()
        {
            _stepper.Dispose();
            _shard.Dispose();
        }
    }
}
