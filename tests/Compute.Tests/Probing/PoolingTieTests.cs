using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>
/// Images on which windows of the pooling tie: blank and uniform ones, where all places are alike, strokes on a blank ground as MNIST has
/// them, and networks most of whose units are dead.
/// </summary>
public sealed class PoolingTieTests
{
    private const int Side = 14;
    private const int Images = 12;
    private const double Tolerance = 1e-5;

    public PoolingTieTests() => TorchThreads.UseOne();

    public static MatrixTheoryData<Activation, double> Cases { get; } = new(Enum.GetValues<Activation>(), [1e-6, 1e-3, 0.05]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void DeltaForward_agrees_with_full_forward_where_windows_tie(Activation activation, double rate) => Check(activation, rate, bias: 0);

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1e-3)]
    [InlineData(0.05)]
    public void DeltaForward_agrees_with_full_forward_where_most_units_are_dead(double rate) => Check(Activation.Relu, rate, bias: -0.15);

    private static void Check(Activation activation, double rate, double bias)
    {
        var features = Strokes();
        var (expected, _) = Rows(ProbeEngineKind.FullForward, features, activation, rate, bias);
        var (actual, weights) = Rows(ProbeEngineKind.DeltaForward, features, activation, rate, bias);
        Assert.All(weights, w => Assert.True(double.IsFinite(w)));
        for (var t = 0; t < Images; t++)
        {
            var error = Arrays.RelativeError(Arrays.Row(actual, t, Images), Arrays.Row(expected, t, Images));
            Assert.True(error <= Tolerance, $"step {t}: relative error {error:e2} > {Tolerance:e0}.");
        }
    }

    private static (double[] Rows, double[] Weights) Rows(
        ProbeEngineKind kind, double[] features, Activation activation, double rate, double bias)
    {
        var network = new NetworkSpec(NetworkKind.Cnn, Side * Side, [6], 1, activation, Bias: true)
        {
            Convolutions = new ConvolutionSpec(new ImageShape(1, Side, Side), [4, 5], 3),
        };
        var engine = ProbeEngine.Create(kind, network, new LossFunction(Loss.Mse, Prediction.Logit), torch.CPU, seed: 2);
        using var stepper = engine.CreateStepper();
        stepper.LearningRate = rate;
        var initial = NetworkWeights.From(stepper.Model);
        foreach (var convolution in new[] { "layer1.bias", "layer2.bias" })
        {
            var values = initial[convolution].Values;
            for (var i = 0; i < values.Length; i++)
                values[i] += bias;
        }

        initial.CopyTo(stepper.Model);
        using var shard = engine.CreateShard(features, Images);
        shard.Load(initial);
        var rows = new List<double>();
        for (var t = 0; t < Images; t++)
            rows.AddRange(shard.Perturb(stepper.Step(Arrays.Row(features, t, Side * Side), [t % 2], apply: true).Updates).Change);
        return ([.. rows], [.. NetworkWeights.From(stepper.Model).Parameters.SelectMany(p => p.Values)]);
    }

    // A blank image, a uniform one, and strokes of one grey or two on a blank ground.
    private static double[] Strokes()
    {
        var pixels = new double[Images * Side * Side];
        Array.Fill(pixels, 0.5, Side * Side, Side * Side);
        var random = new SeededRandom(7, 1);
        for (var i = 2; i < Images; i++)
        {
            var (row, column) = (random.NextDouble() * Side, random.NextDouble() * Side);
            for (var k = 0; k < 20; k++)
            {
                pixels[(i * Side * Side) + ((int)row * Side) + (int)column] = (float)(i % 2 == 0 ? 1 : 0.3 + (0.7 * (k % 2)));
                row = Math.Clamp(row + (2 * random.NextDouble()) - 1, 0, Side - 1);
                column = Math.Clamp(column + (2 * random.NextDouble()) - 1, 0, Side - 1);
            }
        }

        return pixels;
    }
}
