using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>
/// All engines against plain loops in float64: none to three hidden layers, every activation and loss, one output and three, with
/// and without biases, steps that were applied, in blocks of 1, 7 and 20, and virtual ones.
/// </summary>
public sealed class EngineReferenceTests
{
    private const int Steps = 20;

    // Relative error of a row, Euclidean.
    private const double Float32 = 1e-5;
    private const double FullForward = 1e-8;

    [Theory]
    [MemberData(nameof(EngineCase.Names), MemberType = typeof(EngineCase))]
    public void DeltaForward_agrees_with_plain_loops(string name)
    {
        var setting = EngineCase.Named(name);
        Check(setting, ProbeEngineKind.DeltaForward, apply: true, Reference(setting, apply: true), Float32, 1, 7, Steps);
        Check(setting, ProbeEngineKind.DeltaForward, apply: false, Reference(setting, apply: false), Float32, Steps);
    }

    [Theory]
    [MemberData(nameof(EngineCase.Names), MemberType = typeof(EngineCase))]
    public void DeltaForward_in_torch_operations_agrees_with_plain_loops(string name)
    {
        var setting = EngineCase.Named(name);
        IProbeShard InTorch(IStepper stepper)
        {
            var shard = new TorchDeltaForwardShard(setting.Network, setting.LossFunction, torch.CPU, setting.ProbeFeatures, EngineCase.Probes);
            shard.Load(NetworkWeights.From(stepper.Model));
            return shard;
        }

        Check(setting, ProbeEngineKind.DeltaForward, InTorch, apply: true, Reference(setting, apply: true), Float32, 1, 7, Steps);
        Check(setting, ProbeEngineKind.DeltaForward, InTorch, apply: false, Reference(setting, apply: false), Float32, Steps);
    }

    [Theory]
    [MemberData(nameof(EngineCase.ShallowNames), MemberType = typeof(EngineCase))]
    public void RankOne_agrees_with_plain_loops(string name)
    {
        var setting = EngineCase.Named(name);
        Check(setting, ProbeEngineKind.RankOne, apply: true, Reference(setting, apply: true), Float32, 1, 7, Steps);
        Check(setting, ProbeEngineKind.RankOne, apply: false, Reference(setting, apply: false), Float32, Steps);
    }

    [Theory]
    [MemberData(nameof(EngineCase.Names), MemberType = typeof(EngineCase))]
    public void FullForward_agrees_with_plain_loops(string name)
    {
        var setting = EngineCase.Named(name);
        Check(setting, ProbeEngineKind.FullForward, apply: true, Reference(setting, apply: true), FullForward, 7);
        Check(setting, ProbeEngineKind.FullForward, apply: false, Reference(setting, apply: false), FullForward, Steps);
    }

    private static void Check(
        EngineCase setting, ProbeEngineKind kind, bool apply, Expected expected, double tolerance, params int[] blockSizes)
    {
        var engine = setting.Engine(kind);
        Check(setting, kind, stepper => setting.Shard(engine, stepper), apply, expected, tolerance, blockSizes);
    }

    private static void Check(
        EngineCase setting, ProbeEngineKind kind, Func<IStepper, IProbeShard> createShard, bool apply, Expected expected, double tolerance,
        params int[] blockSizes)
    {
        foreach (var size in blockSizes)
        {
            using var stepper = setting.Stepper(setting.Engine(kind));
            using var shard = createShard(stepper);
            for (var start = 0; start < Steps; start += size)
            {
                var stepped = setting.Step(stepper, start, Math.Min(size, Steps - start), apply);
                var rows = shard.Perturb(stepped.Updates);
                for (var b = 0; b < rows.Steps; b++)
                    CheckStep(expected.Steps[start + b], stepped.Results[b], rows, b, tolerance, $"block size {size}, step {start + b}");
            }

            var weights = NetworkWeights.From(stepper.Model).Parameters.SelectMany(p => p.Values).ToArray();
            Assert.InRange(Arrays.RelativeError(weights, expected.Weights), 0, 1e-12);
        }
    }

    private static void CheckStep(
        ExpectedStep expected, StepResult result, PerturbationBlock rows, int b, double tolerance, string place)
    {
        AssertRow(expected.Change, Arrays.Row(rows.Change, b, rows.Probes), tolerance, place);
        Assert.Equal(expected.Magnitude is null, rows.Magnitude is null);
        if (rows.Magnitude is not null)
            AssertRow(expected.Magnitude!, Arrays.Row(rows.Magnitude, b, rows.Probes), tolerance, place);
        Assert.Equal(expected.Result.Loss, result.Loss, 1e-11 * (1 + expected.Result.Loss));
        Assert.Equal(expected.Result.Prediction, result.Prediction, 1e-11);
        Assert.Equal(expected.Result.Gradient, result.Gradient, 1e-11 * (1 + Math.Abs(expected.Result.Gradient)));
        // The trainer's own path is float64 in both engines; the reference subtracts.
        Assert.Equal(expected.Result.SelfChange, result.SelfChange, (1e-8 * Math.Abs(expected.Result.SelfChange)) + 1e-15);
        Assert.Equal(expected.Result.Correct, result.Correct);
    }

    private static void AssertRow(double[] expected, ReadOnlySpan<double> actual, double tolerance, string place)
    {
        var error = Arrays.RelativeError(actual, expected);
        Assert.True(error <= tolerance, $"{place}: relative error {error:e2} > {tolerance:e0}.");
    }

    private static Expected Reference(EngineCase setting, bool apply)
    {
        using var initial = setting.Engine(ProbeEngineKind.FullForward).CreateStepper();
        var network = new SlowNetwork(setting.Network, NetworkWeights.From(initial.Model));
        var steps = new ExpectedStep[Steps];
        for (var t = 0; t < Steps; t++)
        {
            var x = Arrays.Row(setting.Features, t, EngineCase.Inputs).ToArray();
            var y = setting.Labels[t];
            var f = network.Outputs(x);
            var evaluated = SlowNetwork.Evaluate(setting.Loss, setting.Prediction, f, y);
            var moved = network.Copy();
            moved.Step(x, evaluated.OutputGradient, setting.LearningRate);
            steps[t] = Measure(setting, network, moved, x, y, f, evaluated);
            if (apply)
                network = moved;
        }

        return new Expected(steps, network.Parameters());
    }

    private static ExpectedStep Measure(
        EngineCase setting, SlowNetwork before, SlowNetwork after, double[] x, double y, double[] f,
        (double[] OutputGradient, double Loss, double Gradient) evaluated)
    {
        double[] Change(ReadOnlySpan<double> at) => [.. before.Outputs(at).Zip(after.Outputs(at), (b, a) =>
            setting is { Loss: Loss.Bce, Prediction: Prediction.Probability } ? SlowNetwork.Sigmoid(a) - SlowNetwork.Sigmoid(b) : a - b)];
        double Norm(double[] change) => Math.Sqrt(change.Sum(c => c * c));

        var changes = Enumerable.Range(0, EngineCase.Probes)
            .Select(j => Change(Arrays.Row(setting.ProbeFeatures, j, EngineCase.Inputs))).ToArray();
        var self = Change(x);
        if (setting.Outputs == 1)
        {
            var prediction = setting is { Loss: Loss.Bce, Prediction: Prediction.Probability } ? SlowNetwork.Sigmoid(f[0]) : f[0];
            var correct = setting.Loss == Loss.Bce ? f[0] >= 0 == y >= 0.5 : f[0] >= 0.5 == y >= 0.5;
            return new ExpectedStep(
                [.. changes.Select(c => c[0])], null,
                new StepResult(evaluated.Loss, prediction, evaluated.Gradient, correct, self[0]));
        }

        var along = changes.Select(c => c.Zip(evaluated.OutputGradient, (d, g) => d * g).Sum() / evaluated.Gradient);
        return new ExpectedStep([.. along], [.. changes.Select(Norm)], new StepResult(
            evaluated.Loss, Math.Exp(-evaluated.Loss), evaluated.Gradient, Array.IndexOf(f, f.Max()) == (int)y, Norm(self)));
    }

    private sealed record Expected(ExpectedStep[] Steps, double[] Weights);

    private sealed record ExpectedStep(double[] Change, double[]? Magnitude, StepResult Result);
}
