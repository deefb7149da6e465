using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>What must hold for cnn and resnet-mlp whatever the numbers are.</summary>
public sealed class LayeredEnginePropertyTests
{
    // Reassociation of float32 sums.
    private const double Reassociation = 2e-6;
    private const double DeltaForward = 1e-5;

    public LayeredEnginePropertyTests() => TorchThreads.UseOne();

    public static TheoryData<NetworkKind> Kinds => LayeredCase.Kinds;

    public static MatrixTheoryData<NetworkKind, Activation> KindsAndActivations { get; } =
        new([NetworkKind.Cnn, NetworkKind.ResnetMlp], Enum.GetValues<Activation>());

    public static MatrixTheoryData<NetworkKind, ProbeEngineKind> KindsAndEngines { get; } =
        new([NetworkKind.Cnn, NetworkKind.ResnetMlp], [ProbeEngineKind.DeltaForward, ProbeEngineKind.FullForward]);

    [Theory]
    [MemberData(nameof(LayeredCase.Names), MemberType = typeof(LayeredCase))]
    public void Relative_similarity_of_a_sample_with_itself_is_1(string name)
    {
        var run = new Run(LayeredCase.Named(name));
        using var stepper = run.Stepper;
        using var shard = run.Shard;
        var stepped = run.Step(0, LayeredCase.Probes, apply: true);
        var rows = shard.Perturb(stepped.Updates);
        for (var b = 0; b < rows.Steps; b++)
        {
            var row = new double[rows.Probes];
            Assert.True(SimilarityRow.TryRelative(
                Arrays.Row(rows.Magnitude ?? rows.Change, b, rows.Probes), stepped.Results[b].SelfChange, row));
            Assert.Equal(1, row[b], DeltaForward);
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndEngines))]
    public void Virtual_steps_leave_every_bit_of_weights_and_shard_as_it_was(NetworkKind kind, ProbeEngineKind engine)
    {
        foreach (var activation in new[] { Activation.Relu, Activation.Identity })
        {
            var (plain, plainWeights) = Rows(activation, withVirtual: false);
            var (interrupted, interruptedWeights) = Rows(activation, withVirtual: true);
            Assert.Equal(plain, interrupted);
            Assert.Equal(plainWeights, interruptedWeights);
        }

        (double[] Rows, double[] Weights) Rows(Activation activation, bool withVirtual)
        {
            var run = new Run(LayeredCase.Of(kind, activation), engine);
            using var stepper = run.Stepper;
            using var shard = run.Shard;
            shard.Perturb(run.Step(0, 6, apply: true).Updates);
            if (withVirtual)
                shard.Perturb(run.Step(3, 9, apply: false).Updates);
            return (shard.Perturb(run.Step(6, 8, apply: true).Updates).Change, run.Weights);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Virtual_steps_give_the_same_rows_in_any_order(NetworkKind kind)
    {
        var run = new Run(LayeredCase.Of(kind));
        using var stepper = run.Stepper;
        using var shard = run.Shard;
        var forward = shard.Perturb(run.Step(0, LayeredCase.Samples, apply: false).Updates);
        for (var t = LayeredCase.Samples - 1; t >= 0; t--)
            Assert.Equal(Arrays.Row(forward.Change, t, LayeredCase.Probes), shard.Perturb(run.Step(t, 1, apply: false).Updates).Change);
    }

    [Theory]
    [MemberData(nameof(KindsAndActivations))]
    public void Loaded_shard_agrees_with_one_that_followed_every_step(NetworkKind kind, Activation activation)
    {
        // The identity's K_ii is larger than that of the others: at their rate it would diverge.
        var run = new Run(LayeredCase.Of(kind, activation) with { LearningRate = activation == Activation.Identity ? 0.005 : 0.02 });
        using var stepper = run.Stepper;
        using var followed = run.Shard;
        for (var pass = 0; pass < 20; pass++)
        {
            using var loaded = run.NewShard();
            var updates = run.Step(0, LayeredCase.Samples, apply: true).Updates;
            AssertRows(loaded.Perturb(updates), followed.Perturb(updates), DeltaForward);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Loading_again_forgets_the_state_that_was_carried(NetworkKind kind)
    {
        var run = new Run(LayeredCase.Of(kind));
        using var stepper = run.Stepper;
        using var carried = run.Shard;
        carried.Perturb(run.Step(0, 10, apply: true).Updates);
        carried.Load(NetworkWeights.From(stepper.Model));
        using var fresh = run.NewShard();
        var updates = run.Step(10, 10, apply: true).Updates;
        Assert.Equal(fresh.Perturb(updates).Change, carried.Perturb(updates).Change);
    }

    [Theory]
    [MemberData(nameof(KindsAndActivations))]
    public void Torch_operations_on_some_probes_and_steps_at_a_time_give_the_rows_of_the_vectorised_shard(NetworkKind kind, Activation activation)
    {
        // Four probes through all steps, and one probe through seven steps.
        foreach (var outputsInMemory in new[] { 4 * 64, 7 })
        {
            var run = new Run(LayeredCase.Of(kind, activation));
            using var stepper = run.Stepper;
            using var whole = run.Shard;
            using var parts = run.Setting.TorchShard(
                stepper, 0, LayeredCase.Probes, chunkValues: outputsInMemory * Stage.Of(run.Setting.Network).Max(s => s.Layer.OutputSize));
            foreach (var apply in new[] { false, true })
            {
                var updates = run.Step(0, 20, apply).Updates;
                AssertRows(whole.Perturb(updates), parts.Perturb(updates), Reassociation);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Number_of_torch_calls_does_not_grow_with_the_number_of_steps(NetworkKind kind)
    {
        var run = new Run(LayeredCase.Of(kind));
        using var stepper = run.Stepper;
        run.Shard.Dispose();
        using var shard = run.Setting.TorchShard(stepper, 0, LayeredCase.Probes);
        foreach (var apply in new[] { true, false })
        {
            int[] sizes = [2, 9, LayeredCase.Samples];
            var counts = sizes.Select(b =>
            {
                var updates = run.Step(0, b, apply).Updates;
                var before = Created();
                shard.Perturb(updates);
                return Created() - before;
            }).ToArray();
            Assert.True(counts[0] > 4, "Every torch call makes a tensor and is counted.");
            Assert.All(counts, c => Assert.Equal(counts[0], c));
        }

        static long Created() =>
            DisposeScopeManager.Statistics.CreatedInScopeCount + DisposeScopeManager.Statistics.CreatedOutsideScopeCount;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Block_longer_than_the_shard_takes_at_once_gives_the_rows_of_shorter_blocks(NetworkKind kind)
    {
        const int passes = 4;
        var run = new Run(LayeredCase.Of(kind, Activation.Relu) with { LearningRate = 0.005 });
        using var stepper = run.Stepper;
        using var vectorised = run.Shard;
        using var inTorch = run.Setting.TorchShard(stepper, 0, LayeredCase.Probes);
        var other = new Run(run.Setting);
        using var otherStepper = other.Stepper;
        using var expected = other.Shard;
        var updates = stepper.Step(
            [.. Enumerable.Repeat(run.Setting.Features, passes).SelectMany(f => f)], [.. Enumerable.Repeat(run.Setting.Labels, passes).SelectMany(l => l)],
            apply: true).Updates;
        var rows = Enumerable.Range(0, passes).SelectMany(_ => expected.Perturb(other.Step(0, LayeredCase.Samples, apply: true).Updates).Change).ToArray();
        Assert.InRange(Arrays.RelativeError(vectorised.Perturb(updates).Change, rows), 0, Reassociation);
        Assert.InRange(Arrays.RelativeError(inTorch.Perturb(updates).Change, rows), 0, DeltaForward);
    }

    [Theory]
    [MemberData(nameof(KindsAndActivations))]
    public void Probe_has_the_same_bits_in_every_shard(NetworkKind kind, Activation activation)
    {
        var run = new Run(LayeredCase.Of(kind, activation));
        using var stepper = run.Stepper;
        using var whole = run.Shard;
        var cut = 3 * run.Setting.Inputs;
        using var first = run.Engine.CreateShard(run.Setting.ProbeFeatures.AsSpan(0, cut), 3);
        using var rest = run.Engine.CreateShard(run.Setting.ProbeFeatures.AsSpan(cut), LayeredCase.Probes - 3);
        first.Load(NetworkWeights.From(stepper.Model));
        rest.Load(NetworkWeights.From(stepper.Model));
        foreach (var apply in new[] { true, false })
        {
            var updates = run.Step(0, 20, apply).Updates;
            var (all, left, right) = (whole.Perturb(updates), first.Perturb(updates), rest.Perturb(updates));
            for (var b = 0; b < 20; b++)
            {
                double[] joined = [.. Arrays.Row(left.Change, b, 3), .. Arrays.Row(right.Change, b, LayeredCase.Probes - 3)];
                Assert.Equal(Arrays.Row(all.Change, b, LayeredCase.Probes).ToArray(), joined);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Shard_refuses_updates_before_it_has_weights_and_those_of_another_engine_or_network(NetworkKind kind)
    {
        var run = new Run(LayeredCase.Of(kind));
        using var stepper = run.Stepper;
        using var loaded = run.Shard;
        using var shard = run.Engine.CreateShard(run.Setting.ProbeFeatures, LayeredCase.Probes);
        var updates = run.Step(0, 1, apply: true).Updates;
        Assert.Throws<InvalidOperationException>(() => shard.Perturb(updates));

        shard.Load(NetworkWeights.From(stepper.Model));
        foreach (var other in new[]
        {
            new Run(LayeredCase.Of(kind), ProbeEngineKind.FullForward),
            new Run(LayeredCase.Of(kind == NetworkKind.Cnn ? NetworkKind.ResnetMlp : NetworkKind.Cnn)),
            new Run(LayeredCase.Of(kind, loss: Loss.CrossEntropy)),
        })
        {
            using var otherStepper = other.Stepper;
            using var otherShard = other.Shard;
            Assert.Throws<ArgumentException>("block", () => shard.Perturb(other.Step(0, 1, apply: true).Updates));
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndEngines))]
    public void Dead_network_does_not_move_and_has_no_relative_row(NetworkKind kind, ProbeEngineKind engine)
    {
        var run = new Run(LayeredCase.Of(kind, Activation.Relu) with { Bias = false }, engine);
        using var stepper = run.Stepper;
        using var shard = run.Shard;
        // Without biases a sample of zeros activates nothing: no weight moves, although the loss has a gradient.
        var before = run.Weights;
        var stepped = stepper.Step(new double[run.Setting.Inputs], [1], apply: true);
        Assert.Equal(before, run.Weights);
        Assert.Equal((-2, 0), (stepped.Results[0].Gradient, stepped.Results[0].SelfChange));
        var rows = shard.Perturb(stepped.Updates);
        Assert.All(rows.Change, change => Assert.Equal(0, change));
        Assert.False(SimilarityRow.TryRelative(rows.Change, stepped.Results[0].SelfChange, new double[rows.Probes]));
    }

    [Theory]
    [MemberData(nameof(KindsAndEngines))]
    public void Loss_that_is_not_finite_stops_at_its_step_with_the_weights_before_it(NetworkKind kind, ProbeEngineKind engine)
    {
        const int bad = 3;
        var expected = new Run(LayeredCase.Of(kind, Activation.LeakyRelu), engine);
        using var expectedStepper = expected.Stepper;
        expected.Shard.Dispose();
        expected.Step(0, bad, apply: true);

        var run = new Run(expected.Setting, engine);
        using var stepper = run.Stepper;
        run.Shard.Dispose();
        var inputs = run.Setting.Inputs;
        var features = run.Setting.Features.ToArray();
        features[(bad * inputs) + 5] = double.NaN;
        var error = Assert.Throws<NonFiniteLossException>(
            () => stepper.Step(features.AsSpan(0, 6 * inputs), run.Setting.Labels.AsSpan(0, 6), apply: true));
        Assert.Equal(bad, error.StepInBlock);
        Assert.Equal(expected.Weights, run.Weights);
        Assert.Equal(expected.Step(bad, 1, apply: true).Results[0], run.Step(bad, 1, apply: true).Results[0]);
    }

    [Theory]
    [MemberData(nameof(KindsAndEngines))]
    public void Engine_leaves_no_tensor_behind(NetworkKind kind, ProbeEngineKind engine) => LiveTensors.AssertSteady(blocks =>
    {
        TorchThreads.UseOne();
        var run = new Run(LayeredCase.Of(kind, loss: Loss.CrossEntropy), engine);
        using var stepper = run.Stepper;
        using var shard = run.Shard;
        for (var b = 0; b < blocks; b++)
        {
            shard.Perturb(run.Step(0, 3, apply: true).Updates);
            shard.Perturb(run.Step(3, 3, apply: false).Updates);
            stepper.KernelDiagonal(Arrays.Row(run.Setting.Features, 0, run.Setting.Inputs), 1);
            stepper.TrainMiniBatch(run.Setting.Features, run.Setting.Labels, 0.01);
            shard.Load(NetworkWeights.From(stepper.Model));
        }

        var nothing = new double[run.Setting.Inputs];
        Array.Fill(nothing, double.NaN);
        Assert.Throws<NonFiniteLossException>(() => stepper.Step(nothing, [1], apply: true));
        return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Kernel_diagonal_is_the_limit_of_the_kernelized_similarity(NetworkKind kind)
    {
        foreach (var loss in Enum.GetValues<Loss>())
        {
            var run = new Run(LayeredCase.Of(kind, Activation.Tanh, loss) with { LearningRate = 1e-6 });
            using var stepper = run.Stepper;
            using var shard = run.Shard;
            for (var i = 0; i < 4; i++)
            {
                var stepped = run.Step(i, 1, apply: false);
                var row = new double[LayeredCase.Probes];
                Assert.True(SimilarityRow.TryKernelized(shard.Perturb(stepped.Updates).Change, 1e-6, stepped.Results[0].Gradient, row));
                var diagonal = stepper.KernelDiagonal(Arrays.Row(run.Setting.Features, i, run.Setting.Inputs), run.Setting.Labels[i]);
                Assert.Equal(diagonal, row[i], 1e-4 * diagonal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Engine_says_what_it_is_and_bounds_what_one_call_describes(NetworkKind kind)
    {
        var network = LayeredCase.Of(kind).Network;
        foreach (var asked in new[] { ProbeEngineKind.Auto, ProbeEngineKind.DeltaForward })
        {
            var engine = LayeredCase.Of(kind).Engine(asked);
            Assert.Equal((ProbeEngineKind.DeltaForward, "probes float32, trainer float64"), (engine.Kind, engine.Precision));
            Assert.True(engine.MaxStepsPerCall >= 4096);
        }

        var wide = kind == NetworkKind.Cnn
            ? network with { Convolutions = network.Convolutions! with { Channels = [1000, 1000] } }
            : network with { Hidden = [1 << 20, 1 << 20] };
        Assert.InRange(new DeltaForwardEngine(wide, new LossFunction(Loss.Mse, Prediction.Logit), torch.CPU, 1).MaxStepsPerCall, 1, 4);
    }

    private static void AssertRows(PerturbationBlock expected, PerturbationBlock actual, double tolerance)
    {
        Assert.Equal(expected.Steps, actual.Steps);
        for (var b = 0; b < expected.Steps; b++)
        {
            var row = Arrays.Row(expected.Change, b, LayeredCase.Probes);
            Assert.InRange(Arrays.RelativeError(Arrays.Row(actual.Change, b, LayeredCase.Probes), row), 0, tolerance);
        }
    }

    private sealed class Run
    {
        public Run(LayeredCase setting, ProbeEngineKind kind = ProbeEngineKind.DeltaForward)
        {
            Setting = setting;
            Engine = setting.Engine(kind);
            Stepper = setting.Stepper(Engine);
            Shard = NewShard();
        }

        public LayeredCase Setting { get; }

        public IProbeEngine Engine { get; }

        public IStepper Stepper { get; }

        public IProbeShard Shard { get; }

        public double[] Weights => [.. NetworkWeights.From(Stepper.Model).Parameters.SelectMany(p => p.Values)];

        public IProbeShard NewShard() => Setting.Shard(Engine, Stepper);

        public SteppedBlock Step(int start, int count, bool apply) => Setting.Step(Stepper, start, count, apply);
    }
}
