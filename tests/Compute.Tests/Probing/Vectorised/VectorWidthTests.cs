using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Probing.Vectorised;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Tests.Probing.Vectorised;

/// <summary>Every vector width that the machine has gives the bits of plain scalar code, on the same cases.</summary>
public sealed class VectorWidthTests
{
    private static IEnumerable<int> Wider => MachineVectors.Bits.Where(w => w != (int)VectorWidth.Scalar);

    public static MatrixTheoryData<int, Activation, int> Cases { get; } =
        new(Wider, Enum.GetValues<Activation>(), [1, 3]);

    public static MatrixTheoryData<int, Activation, int> DeepCases { get; } =
        new(Wider, Enum.GetValues<Activation>(), [1, 2, 3]);

    public static MatrixTheoryData<int, Activation, NetworkKind> LayeredCases { get; } = new(
        Wider, Enum.GetValues<Activation>(), [NetworkKind.Cnn, NetworkKind.ResnetMlp]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void RankOne_shard_gives_the_bits_of_scalar_code(int bits, Activation activation, int outputs)
    {
        var width = MachineVectors.Width(bits);
        foreach (var rate in new[] { 1e-6, 0.02, 5 })
            AssertSameBits(Rows(VectorWidth.Scalar, activation, [133], outputs, rate), Rows(width, activation, [133], outputs, rate));
    }

    [Theory]
    [MemberData(nameof(DeepCases))]
    public void DeltaForward_shard_gives_the_bits_of_scalar_code(int bits, Activation activation, int depth)
    {
        var width = MachineVectors.Width(bits);
        int[] hidden = [.. new[] { 133, 140, 19 }.Take(depth)];
        // A deep linear network diverges where the others only move far.
        foreach (var rate in new[] { 1e-6, 0.02, activation == Activation.Identity ? 0.05 : 0.4 })
        {
            var (expected, actual) = (DeepRows(VectorWidth.Scalar, activation, hidden, rate), DeepRows(width, activation, hidden, rate));
            AssertSameBits(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(LayeredCases))]
    public void Layered_shard_gives_the_bits_of_scalar_code(int bits, Activation activation, NetworkKind kind)
    {
        var width = MachineVectors.Width(bits);
        foreach (var rate in new[] { 1e-6, 0.02 })
            AssertSameBits(LayeredRows(VectorWidth.Scalar, activation, kind, rate), LayeredRows(width, activation, kind, rate));
    }

    [Fact]
    public void Widest_vectors_of_the_machine_come_first()
    {
        Assert.Equal(VectorKernels.SupportedWidths.OrderDescending(), VectorKernels.SupportedWidths);
        Assert.Equal(VectorWidth.Scalar, VectorKernels.SupportedWidths[^1]);
    }

    private static void AssertSameBits(double[] expected, double[] actual)
    {
        Assert.DoesNotContain(expected, e => !double.IsFinite(e));
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected[i]), BitConverter.DoubleToInt64Bits(actual[i]));
    }

    private static double[] Rows(VectorWidth width, Activation activation, int[] hidden, int outputs, double rate) => Rows(
        (network, loss) => new RankOneEngine(network, loss, TorchSharp.torch.CPU, seed: 4),
        (network, loss, features, count) => new RankOneShard(network, loss, features, count, width),
        activation, hidden, outputs, rate);

    private static double[] DeepRows(VectorWidth width, Activation activation, int[] hidden, double rate) => Rows(
        (network, loss) => new DeltaForwardEngine(network, loss, TorchSharp.torch.CPU, seed: 4),
        (network, loss, features, count) => new TiledDeltaForwardShard(network, loss, features, count, width),
        activation, hidden, outputs: 3, rate);

    private static double[] LayeredRows(VectorWidth width, Activation activation, NetworkKind kind, double rate)
    {
        var setting = LayeredCase.Of(kind, activation) with { LearningRate = rate };
        using var stepper = setting.Stepper(setting.Engine(ProbeEngineKind.DeltaForward));
        using var shard = new TiledDeltaForwardShard(setting.Network, new LossFunction(setting.Loss, setting.Prediction), setting.ProbeFeatures, LayeredCase.Probes, width);
        shard.Load(NetworkWeights.From(stepper.Model));
        return [.. shard.Perturb(setting.Step(stepper, 0, 9, apply: true).Updates).Change, .. shard.Perturb(setting.Step(stepper, 9, 5, apply: false).Updates).Change];
    }

    // 70 probes and 133 units fill neither a tile nor a chunk; at the last rate changes of pre-activations are large.
    private static double[] Rows(
        Func<NetworkSpec, LossFunction, IProbeEngine> createEngine, Func<NetworkSpec, LossFunction, double[], int, IProbeShard> createShard,
        Activation activation, int[] hidden, int outputs, double rate)
    {
        const int Probes = 70, Steps = 9;
        var loss = new LossFunction(outputs > 1 ? Loss.CrossEntropy : Loss.Bce, Prediction.Logit);
        var network = new NetworkSpec(NetworkKind.Mlp, EngineCase.Inputs, hidden, outputs, activation, Bias: true);
        using var stepper = createEngine(network, loss).CreateStepper();
        stepper.LearningRate = rate;
        using var shard = createShard(network, loss, EngineCase.Uniform(Probes * EngineCase.Inputs, stream: 7), Probes);
        shard.Load(NetworkWeights.From(stepper.Model));
        var samples = EngineCase.Uniform(2 * Steps * EngineCase.Inputs, stream: 8);
        var rows = new List<double>();
        foreach (var (half, apply) in new[] { (0, true), (1, false), (1, true) })
        {
            var labels = Enumerable.Range(0, Steps).Select(i => (double)(i % Math.Max(2, outputs))).ToArray();
            var stepped = stepper.Step(samples.AsSpan(half * Steps * EngineCase.Inputs, Steps * EngineCase.Inputs), labels, apply);
            var perturbed = shard.Perturb(stepped.Updates);
            rows.AddRange(perturbed.Change);
            rows.AddRange(perturbed.Magnitude ?? []);
        }

        return [.. rows];
    }
}
