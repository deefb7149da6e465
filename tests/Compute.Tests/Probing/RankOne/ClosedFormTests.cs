using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing.RankOne;

/// <summary>The closed form through the bare API: handed-over pre-activations, up to date or a block behind.</summary>
public sealed class ClosedFormTests
{
    private const int Probes = 70;
    private const int Hidden = RankOneEngine.DoublePrecisionUnits + 5;

    private static readonly double[] Features = EngineCase.Uniform(Probes * EngineCase.Inputs, stream: 21);

    private static readonly int[][] Blocks = [[3, 69, 12, 3], [0, 1, 2], [64, 63, 12, 12, 5]];

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Closed_steps_are_the_open_ones(bool behind, bool bias)
    {
        var (openRows, openWeights) = Open(bias);
        var (closedRows, closedWeights) = Closed(behind, bias);
        Assert.InRange(Arrays.RelativeError(closedRows, openRows), 0, 2e-6);
        Assert.InRange(Arrays.RelativeError(closedWeights, openWeights), 0, 1e-7);
    }

    [Fact]
    public void Mini_batches_and_another_closing_lose_no_closed_step()
    {
        using var closed = new Run();
        using var open = new Run();
        // The block before the closing was an open one: nothing that is handed over is behind it.
        foreach (var run in new[] { closed, open })
            run.StepOpen(Blocks[1]);
        for (var round = 0; round < 2; round++)
        {
            closed.Stepper.Close(Features);
            closed.Shard.Close(Features);
            closed.Step(Blocks[round], closed.Shard.PreActivations(Blocks[round]), areBehind: true);
            open.StepOpen(Blocks[round]);
            foreach (var run in new[] { closed, open })
            {
                run.Stepper.TrainMiniBatch(Run.FeaturesOf(Blocks[2]), Labels(Blocks[2]), 0.01);
                run.Shard.Load(NetworkWeights.From(run.Stepper.Model));
            }

            Assert.InRange(Arrays.RelativeError(closed.Weights(), open.Weights()), 0, 1e-7);
        }

        closed.Step(Blocks[0], closed.Shard.PreActivations(Blocks[0]), areBehind: false);
        closed.Stepper.Close(Features);
        open.StepOpen(Blocks[0]);
        Assert.InRange(Arrays.RelativeError(closed.Weights(), open.Weights()), 0, 1e-7);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(Probes)]
    [InlineData(int.MaxValue)]
    public void Pre_activations_of_a_probe_that_there_is_not_are_refused(int probe)
    {
        using var run = new Run();
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Shard.PreActivations([0, probe]));
    }

    [Fact]
    public void Pre_activations_come_after_the_weights()
    {
        using var shard = (IHandOverShard)new RankOneEngine(Network(bias: true), MeanSquares, torch.CPU, seed: 3).CreateShard(Features, Probes);
        Assert.Throws<InvalidOperationException>(() => shard.PreActivations([0]));
    }

    [Fact]
    public void Closed_steps_leave_no_tensor_behind() => LiveTensors.AssertSteady(times =>
    {
        using var run = new Run();
        for (var i = 0; i < times; i++)
        {
            run.Stepper.Close(Features);
            run.Shard.Close(Features);
            foreach (var block in Blocks)
                run.Step(block, run.Shard.PreActivations(block), areBehind: false);
            run.Stepper.StepVirtually(Run.FeaturesOf(Blocks[1]), Labels(Blocks[1]), run.Shard.PreActivations(Blocks[1]));
            run.Stepper.Rebase();
        }

        return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
    });

    [Fact]
    public void Rebase_changes_the_weights_by_no_bit()
    {
        using var run = new Run();
        run.Stepper.Close(Features);
        run.Shard.Close(Features);
        run.Step(Blocks[0], run.Shard.PreActivations(Blocks[0]), areBehind: false);
        var shown = NetworkWeights.From(run.Stepper.Model).Parameters.Select(p => p.Values).ToArray();
        var rebased = run.Stepper.Rebase().Parameters.Select(p => p.Values);
        Assert.Equal(shown, rebased);
        Assert.Equal(shown, NetworkWeights.From(run.Stepper.Model).Parameters.Select(p => p.Values));
    }

    [Fact]
    public void Virtual_steps_from_handed_over_pre_activations_are_those_from_the_weights()
    {
        using var run = new Run();
        int[] probes = [5, 64, 17];
        var features = Run.FeaturesOf(probes);
        var expected = run.Shard.Perturb(run.Stepper.Step(features, [1, 0, 1], apply: false).Updates).Change;
        var actual = run.Shard.Perturb(run.Stepper.StepVirtually(features, [1, 0, 1], run.Shard.PreActivations(probes)).Updates).Change;
        Assert.InRange(Arrays.RelativeError(actual, expected), 0, 1e-6);
    }

    [Fact]
    public void Steps_are_refused_in_the_form_that_was_not_chosen_and_at_probes_that_there_are_not()
    {
        using var run = new Run();
        Assert.Throws<InvalidOperationException>(() => run.Step(Blocks[0], run.Shard.PreActivations(Blocks[0]), areBehind: false));
        run.Stepper.Close(Features);
        Assert.Throws<InvalidOperationException>(() => run.Stepper.Step(Features.AsSpan(0, EngineCase.Inputs), [1], apply: true));

        var layers = ((LowRankUpdateBlock)run.Stepper.Step(Features.AsSpan(0, EngineCase.Inputs), [1], apply: false).Updates).Layers;
        foreach (var probes in new int[][] { [0], [-1], [Probes], [0, 1] })
        {
            if (probes is not [0])
                run.Shard.Close(Features);
            Assert.Throws<ArgumentException>(() => run.Shard.Perturb(new LowRankUpdateBlock(1, false, [], layers, probes)));
        }
    }

    private static LossFunction MeanSquares { get; } = new(Loss.Mse, Prediction.Logit);

    private static NetworkSpec Network(bool bias) => new(NetworkKind.Mlp, EngineCase.Inputs, [Hidden], 1, Activation.Relu, bias);

    private static (double[] Rows, double[] Weights) Open(bool bias)
    {
        using var run = new Run(bias);
        double[] rows = [.. Blocks.SelectMany(block => run.StepOpen(block).Change)];
        return (rows, run.Weights());
    }

    private static (double[] Rows, double[] Weights) Closed(bool behind, bool bias)
    {
        using var run = new Run(bias);
        run.Stepper.Close(Features);
        run.Shard.Close(Features);
        var rows = new List<double>();
        var next = run.Shard.PreActivations(Blocks[0]);
        for (var b = 0; b < Blocks.Length; b++)
        {
            var preActivations = behind ? next : run.Shard.PreActivations(Blocks[b]);
            // What the trainer actor does: the rows of the next block are read before this block's steps are followed.
            if (b + 1 < Blocks.Length)
                next = run.Shard.PreActivations(Blocks[b + 1]);
            rows.AddRange(run.Step(Blocks[b], preActivations, behind && b > 0).Change);
        }

        return ([.. rows], run.Weights());
    }

    private static double[] Labels(int[] probes) => Array.ConvertAll(probes, p => (double)(p % 2));

    private sealed class Run : IDisposable
    {
        public Run(bool bias = true)
        {
            var engine = new RankOneEngine(Network(bias), MeanSquares, torch.CPU, seed: 3);
            Stepper = (IClosedStepper)engine.CreateStepper();
            Stepper.LearningRate = 0.02;
            Shard = (IHandOverShard)engine.CreateShard(Features, Probes);
            Shard.Load(NetworkWeights.From(Stepper.Model));
        }

        public IClosedStepper Stepper { get; }

        public IHandOverShard Shard { get; }

        public static double[] FeaturesOf(int[] probes) => [.. probes.SelectMany(p => Features[(p * EngineCase.Inputs)..((p + 1) * EngineCase.Inputs)])];

        public PerturbationBlock StepOpen(int[] probes) => Shard.Perturb(Stepper.Step(FeaturesOf(probes), Labels(probes), apply: true).Updates);

        public PerturbationBlock Step(int[] probes, float[] preActivations, bool areBehind) =>
            Shard.Perturb(Stepper.Step(probes, Labels(probes), preActivations, areBehind).Updates);

        public double[] Weights() => [.. NetworkWeights.From(Stepper.Model).Parameters.SelectMany(p => p.Values)];

        public void Dispose()
        {
            Stepper.Dispose();
            Shard.Dispose();
        }
    }
}
