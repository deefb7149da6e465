using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>
/// Delta-forward of cnn and resnet-mlp against the full-forward engine in float64, and that one against plain loops and difference
/// quotients: every activation and loss, one output and three, with and without biases, applied steps in blocks of 1, 7 and 20,
/// virtual ones, one shard and three.
/// </summary>
public sealed class LayeredEngineTests
{
    private const int Steps = 20;

    // Relative error of a row, Euclidean.
    private const double DeltaForward = 1e-5;

    private static readonly int[] OneShard = [LayeredCase.Probes];
    private static readonly int[] ThreeShards = [4, 1, 5];

    // Two threads on tensors as small as these mostly wait for each other.
    public LayeredEngineTests() => TorchThreads.UseOne();

    [Theory]
    [MemberData(nameof(LayeredCase.Names), MemberType = typeof(LayeredCase))]
    public void DeltaForward_agrees_with_full_forward(string name) => CheckDeltaForward(LayeredCase.Named(name), inTorch: false);

    [Theory]
    [MemberData(nameof(LayeredCase.Names), MemberType = typeof(LayeredCase))]
    public void DeltaForward_in_torch_operations_agrees_with_full_forward(string name) => CheckDeltaForward(LayeredCase.Named(name), inTorch: true);

    private static void CheckDeltaForward(LayeredCase setting, bool inTorch)
    {
        foreach (var apply in new[] { true, false })
        {
            var (expected, expectedWeights) = Run(setting, ProbeEngineKind.FullForward, apply, 1, OneShard);
            foreach (var (size, shards) in new[] { (1, OneShard), (7, ThreeShards), (Steps, OneShard) })
            {
                var (actual, weights) = Run(setting, ProbeEngineKind.DeltaForward, apply, size, shards, inTorch);
                for (var t = 0; t < Steps; t++)
                    Check(expected[t], actual[t], $"block size {size}, step {t}, {(apply ? "applied" : "virtual")}");
                Assert.InRange(Arrays.RelativeError(weights, expectedWeights), 0, 1e-12);
            }
        }
    }

    [Theory]
    [MemberData(nameof(LayeredCase.Names), MemberType = typeof(LayeredCase))]
    public void FullForward_observes_the_difference_of_two_plain_forward_passes(string name)
    {
        var setting = LayeredCase.Named(name);
        var engine = setting.Engine(ProbeEngineKind.FullForward);
        using var stepper = setting.Stepper(engine);
        using var shard = setting.Shard(engine, stepper);
        var scalar = setting.Outputs == 1 && !new LossFunction(setting.Loss, setting.Prediction).MeasuresProbability;
        for (var t = 0; t < 3; t++)
        {
            var before = PlainOutputs(setting, stepper);
            var rows = shard.Perturb(setting.Step(stepper, t, 1, apply: true).Updates);
            var after = PlainOutputs(setting, stepper);
            for (var j = 0; j < LayeredCase.Probes; j++)
            {
                double[] change = [.. after[j].Zip(before[j], (a, b) => a - b)];
                if (scalar)
                    Assert.Equal(change[0], rows.Change[j], 1e-13);
                else if (setting.Outputs == 1)
                    Assert.Equal(SlowNetwork.Sigmoid(after[j][0]) - SlowNetwork.Sigmoid(before[j][0]), rows.Change[j], 1e-13);
                else
                    Assert.Equal(Math.Sqrt(change.Sum(c => c * c)), rows.Magnitude![j], 1e-13);
            }
        }
    }

    [Theory]
    [InlineData(NetworkKind.Cnn, Activation.Relu)]
    [InlineData(NetworkKind.Cnn, Activation.Tanh)]
    [InlineData(NetworkKind.ResnetMlp, Activation.Relu)]
    [InlineData(NetworkKind.ResnetMlp, Activation.Gelu)]
    public void Step_descends_along_the_difference_quotients_of_the_loss(NetworkKind kind, Activation activation)
    {
        const double h = 1e-6;
        var setting = LayeredCase.Of(kind, activation, Loss.CrossEntropy);
        foreach (var engine in new[] { ProbeEngineKind.DeltaForward, ProbeEngineKind.FullForward })
        {
            using var stepper = setting.Stepper(setting.Engine(engine));
            var before = NetworkWeights.From(stepper.Model);
            setting.Step(stepper, 0, 1, apply: true);
            var x = Arrays.Row(setting.Features, 0, setting.Inputs).ToArray();
            double Loss() => SlowNetwork.Evaluate(
                setting.Loss, setting.Prediction, SlowLayeredNetwork.Outputs(setting.Network, before, x), setting.Labels[0]).Loss;

            foreach (var (parameter, moved) in before.Parameters.Zip(NetworkWeights.From(stepper.Model).Parameters))
            {
                for (var i = 0; i < parameter.Values.Length; i++)
                {
                    var w = parameter.Values[i];
                    parameter.Values[i] = w + h;
                    var above = Loss();
                    parameter.Values[i] = w - h;
                    var quotient = (above - Loss()) / (2 * h);
                    parameter.Values[i] = w;
                    Assert.Equal(quotient, (w - moved.Values[i]) / setting.LearningRate, 1e-8);
                }
            }
        }
    }

    private static void Check(Row expected, Row actual, string place)
    {
        foreach (var (e, a) in new[] { (expected.Change, actual.Change), (expected.Magnitude, actual.Magnitude) })
        {
            var error = Arrays.RelativeError(a, e);
            Assert.True(error <= DeltaForward, $"{place}: relative error {error:e2} > {DeltaForward:e0}.");
        }

        Assert.Equal(expected.Result.Loss, actual.Result.Loss, 1e-11 * (1 + expected.Result.Loss));
        Assert.Equal(expected.Result.Prediction, actual.Result.Prediction, 1e-11);
        Assert.Equal(expected.Result.Gradient, actual.Result.Gradient, 1e-11 * (1 + Math.Abs(expected.Result.Gradient)));
        // The trainer's own path is float64 in both engines; the full forward subtracts.
        Assert.Equal(expected.Result.SelfChange, actual.Result.SelfChange, (1e-8 * Math.Abs(expected.Result.SelfChange)) + 1e-15);
        Assert.Equal(expected.Result.Correct, actual.Result.Correct);
    }

    private static (Row[] Rows, double[] Weights) Run(LayeredCase setting, ProbeEngineKind kind, bool apply, int size, int[] shardSizes, bool inTorch = false)
    {
        var engine = setting.Engine(kind);
        using var stepper = setting.Stepper(engine);
        var shards = new List<IProbeShard>();
        foreach (var count in shardSizes)
        {
            var first = shardSizes.Take(shards.Count).Sum();
            shards.Add(inTorch ? setting.TorchShard(stepper, first, count) : setting.Shard(engine, stepper, first, count));
        }

        var rows = new List<Row>();
        for (var start = 0; start < Steps; start += size)
        {
            var stepped = setting.Step(stepper, start, Math.Min(size, Steps - start), apply);
            var blocks = shards.ConvertAll(shard => shard.Perturb(stepped.Updates));
            for (var b = 0; b < stepped.Results.Count; b++)
            {
                rows.Add(new Row(
                    [.. blocks.SelectMany(p => Arrays.Row(p.Change, b, p.Probes).ToArray())],
                    [.. blocks.SelectMany(p => p.Magnitude is null ? [] : Arrays.Row(p.Magnitude, b, p.Probes).ToArray())],
                    stepped.Results[b]));
            }
        }

        shards.ForEach(shard => shard.Dispose());
        return ([.. rows], [.. NetworkWeights.From(stepper.Model).Parameters.SelectMany(p => p.Values)]);
    }

    private static double[][] PlainOutputs(LayeredCase setting, IStepper stepper)
    {
        var weights = NetworkWeights.From(stepper.Model);
        return
        [
            .. setting.ProbeFeatures.Chunk(setting.Inputs).Select(x => SlowLayeredNetwork.Outputs(setting.Network, weights, x)),
        ];
    }

    private sealed record Row(double[] Change, double[] Magnitude, StepResult Result);
}
