using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>Steps that give no row, or no step: a NaN, a zero gradient, a dead network, a loss that is not finite.</summary>
public sealed class DegenerateRowTests
{
    private static readonly EngineCase Relu = new([8, 6], Activation.Relu, Bias: false, Loss.Mse, Prediction.Logit, 0.01);

    public static TheoryData<ProbeEngineKind> Kinds => [ProbeEngineKind.RankOne, ProbeEngineKind.DeltaForward, ProbeEngineKind.FullForward];

    private static EngineCase For(ProbeEngineKind kind) => kind == ProbeEngineKind.RankOne ? Relu with { Hidden = [14] } : Relu;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Zero_gradient_makes_both_rows_degenerate(ProbeEngineKind kind)
    {
        var run = new Run(For(kind), kind);
        var x = Arrays.Row(Relu.Features, 0, EngineCase.Inputs).ToArray();
        // The output itself as the label: f - y is exactly 0.
        var exact = run.Stepper.Step(x, [0], apply: false).Results[0].Prediction;
        var (relative, kernelized) = run.Rows(x, exact);
        Assert.Equal(0, run.Result.Gradient);
        Assert.Equal(0, run.Result.SelfChange);
        Assert.Null(relative);
        Assert.Null(kernelized);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Dead_network_makes_the_relative_row_degenerate_and_the_kernelized_one_0(ProbeEngineKind kind)
    {
        var run = new Run(For(kind), kind);
        // Without biases a sample of zeros activates nothing: no weight moves, although the loss has a gradient.
        var (relative, kernelized) = run.Rows(new double[EngineCase.Inputs], 1);
        Assert.Equal(-2, run.Result.Gradient);
        Assert.Equal(0, run.Result.SelfChange);
        Assert.Null(relative);
        Assert.All(kernelized!, s => Assert.Equal(0L, BitConverter.DoubleToInt64Bits(s)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Probe_with_a_NaN_makes_both_rows_degenerate(ProbeEngineKind kind)
    {
        var probes = Relu.ProbeFeatures;
        probes[EngineCase.Inputs + 3] = double.NaN;
        var run = new Run(For(kind), kind, probes);
        var (relative, kernelized) = run.Rows(Arrays.Row(Relu.Features, 0, EngineCase.Inputs).ToArray(), 1);
        Assert.Null(relative);
        Assert.Null(kernelized);
    }

    [Theory]
    [InlineData(ProbeEngineKind.RankOne, double.NaN)]
    [InlineData(ProbeEngineKind.RankOne, 1e200)]
    [InlineData(ProbeEngineKind.DeltaForward, double.NaN)]
    [InlineData(ProbeEngineKind.FullForward, double.NaN)]
    [InlineData(ProbeEngineKind.DeltaForward, 1e200)]
    [InlineData(ProbeEngineKind.FullForward, 1e200)]
    public void Loss_that_is_not_finite_stops_at_its_step_with_the_weights_before_it(ProbeEngineKind kind, double feature)
    {
        const int bad = 3;
        foreach (var activation in new[] { Activation.Identity, Activation.LeakyRelu })
        {
            var setting = For(kind) with { Activation = activation };
            var engine = setting.Engine(kind);
            using var expected = setting.Stepper(engine);
            setting.Step(expected, 0, bad, apply: true);

            using var stepper = setting.Stepper(engine);
            var features = setting.Features.ToArray();
            features[(bad * EngineCase.Inputs) + 5] = feature;
            var labels = setting.Labels;
            var error = Assert.Throws<NonFiniteLossException>(
                () => stepper.Step(features.AsSpan(0, 6 * EngineCase.Inputs), labels.AsSpan(0, 6), apply: true));
            Assert.Equal(bad, error.StepInBlock);
            // The rank-one engine's products have another shape in a block of another length, and other last bits.
            var tolerance = kind == ProbeEngineKind.RankOne ? 1e-14 : 0;
            Assert.InRange(Arrays.RelativeError(Weights(stepper), Weights(expected)), 0, tolerance);

            // It can go on from there.
            var (next, expectedNext) = (setting.Step(stepper, bad, 1, apply: true).Results[0], setting.Step(expected, bad, 1, apply: true).Results[0]);
            Assert.Equal(expectedNext.Loss, next.Loss, tolerance);
            Assert.Equal(expectedNext.SelfChange, next.SelfChange, tolerance);
            Assert.Equal(expectedNext.Correct, next.Correct);
        }
    }

    [Fact]
    public void Mini_batch_with_a_loss_that_is_not_finite_leaves_the_weights()
    {
        using var stepper = Relu.Stepper(Relu.Engine(ProbeEngineKind.DeltaForward));
        var before = Weights(stepper);
        var features = Relu.Features.ToArray();
        Array.Fill(features, double.NaN, EngineCase.Inputs, EngineCase.Inputs);
        Assert.Throws<NonFiniteLossException>(() => stepper.TrainMiniBatch(features, Relu.Labels, 0.1));
        Assert.Equal(before, Weights(stepper));
    }

    private static double[] Weights(IStepper stepper) => [.. NetworkWeights.From(stepper.Model).Parameters.SelectMany(p => p.Values)];

    /// <summary>One step, as an actor would normalise it; null for a degenerate row.</summary>
    private sealed class Run
    {
        private readonly IProbeShard _shard;

        public Run(EngineCase setting, ProbeEngineKind kind, double[]? probes = null)
        {
            var engine = setting.Engine(kind);
            Stepper = setting.Stepper(engine);
            _shard = engine.CreateShard(probes ?? setting.ProbeFeatures, EngineCase.Probes);
            _shard.Load(NetworkWeights.From(Stepper.Model));
        }

        public IStepper Stepper { get; }

        public StepResult Result { get; private set; }

        public (double[]? Relative, double[]? Kernelized) Rows(double[] x, double y)
        {
            using var stepper = Stepper;
            using var shard = _shard;
            var stepped = stepper.Step(x, [y], apply: true);
            var change = shard.Perturb(stepped.Updates).Change;
            Result = stepped.Results[0];
            var (relative, kernelized) = (new double[change.Length], new double[change.Length]);
            return (
                SimilarityRow.TryRelative(change, Result.SelfChange, relative) ? relative : null,
                SimilarityRow.TryKernelized(change, stepper.LearningRate, Result.Gradient, kernelized) ? kernelized : null);
        }
    }
}
