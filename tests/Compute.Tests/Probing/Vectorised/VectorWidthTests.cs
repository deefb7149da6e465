using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Probing.Vectorised;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Tests.Probing.Vectorised;

/// <summary>Every vector width that the machine has gives the bits of plain scalar code, on the same cases.</summary>
public sealed class VectorWidthTests
{
    private static readonly int[] Bits = [.. Enum.GetValues<VectorWidth>().Select(w => (int)w)];

    public static MatrixTheoryData<int, Activation, int> Cases { get; } =
        new(Bits.Where(w => w != (int)VectorWidth.Scalar), Enum.GetValues<Activation>(), [1, 3]);

    public static MatrixTheoryData<int, Activation, int> DeepCases { get; } =
        new(Bits.Where(w => w != (int)VectorWidth.Scalar), Enum.GetValues<Activation>(), [1, 2, 3]);

    public static MatrixTheoryData<int, Activation, NetworkKind> LayeredCases { get; } = new(
        Bits.Where(w => w != (int)VectorWidth.Scalar), Enum.GetValues<Activation>(), [NetworkKind.Cnn, NetworkKind.ResnetMlp]);

    public static TheoryData<int> AllWidths => [.. Bits];

    [Theory]
    [MemberData(nameof(Cases))]
    public void RankOne_shard_gives_the_bits_of_scalar_code(int bits, Activation activation, int outputs)
    {
        var width = Supported(bits);
        foreach (var rate in new[] { 1e-6, 0.02, 5 })
            AssertSameBits(Rows(VectorWidth.Scalar, activation, [133], outputs, rate), Rows(width, activation, [133], outputs, rate));
    }

    [Theory]
    [MemberData(nameof(DeepCases))]
    public void DeltaForward_shard_gives_the_bits_of_scalar_code(int bits, Activation activation, int depth)
    {
        var width = Supported(bits);
        int[] hidden = [.. new[] { 133, 140, 19 }.Take(depth)];
        // A deep linear network diverges where the others only move far.
        foreach (var rate in new[] { 1e-6, 0.02, activation == Activation.Identity ? 0.05 : 0.4 })
        {
            var (expected, actual) = (DeepRows(VectorWidth.Scalar, activation, hidden, rate), DeepRows(width, activation, hidden, rate));
            AssertSameBits(expected, actual);
        }
    }

    [Fact]
    public void Widest_vectors_of_the_machine_come_first()
    {
        Assert.Equal(VectorKernels.SupportedWidths.OrderDescending(), VectorKernels.SupportedWidths);
        Assert.Equal(VectorWidth.Scalar, VectorKernels.SupportedWidths[^1]);
        Assert.Equal(System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated, VectorKernels.SupportedWidths.Contains(VectorWidth.Bits256));
    }

    [Theory]
    [MemberData(nameof(AllWidths))]
    public unsafe void Products_are_inner_products(int bits)
    {
        var product = VectorKernels.Product(Supported(bits));
        foreach (var (features, count) in new[] { (1, 1), (5, 7), (128, 6), (300, 13) })
        {
            var tile = EngineCase.Uniform(features * ProbeTile.Probes, stream: 5);
            var rows = EngineCase.Uniform(count * features, stream: 6);
            using var tileBuffer = Buffer(tile);
            using var rowBuffer = Buffer(rows);
            using var result = Buffer([.. Enumerable.Repeat(1.0, count * ProbeTile.Probes)]);
            product.Add(tileBuffer.Pointer, new TileRows(rowBuffer.Pointer, count, features, features), result.Pointer);
            for (var r = 0; r < count; r++)
            {
                for (var j = 0; j < ProbeTile.Probes; j++)
                {
                    var expected = 1.0;
                    for (var i = 0; i < features; i++)
                        expected += (double)(float)tile[(i * ProbeTile.Probes) + j] * (float)rows[(r * features) + i];
                    Assert.Equal(expected, result.Pointer[(r * ProbeTile.Probes) + j], 1e-6 * Math.Sqrt(features) * 2);
                }
            }
        }
    }

    private static VectorWidth Supported(int bits)
    {
        Assert.SkipUnless(VectorKernels.SupportedWidths.Contains((VectorWidth)bits), $"NOT TESTED: this machine has no vectors of {bits} bits.");
        return (VectorWidth)bits;
    }

    private static AlignedBuffer<float> Buffer(double[] values)
    {
        var buffer = new AlignedBuffer<float>(values.Length);
        for (var i = 0; i < values.Length; i++)
            buffer.Slice(i, 1)[0] = (float)values[i];
        return buffer;
    }

    [Theory]
    [MemberData(nameof(LayeredCases))]
    public void Layered_shard_gives_the_bits_of_scalar_code(int bits, Activation activation, NetworkKind kind)
    {
        var width = Supported(bits);
        foreach (var rate in new[] { 1e-6, 0.02 })
            AssertSameBits(LayeredRows(VectorWidth.Scalar, activation, kind, rate), LayeredRows(width, activation, kind, rate));
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
