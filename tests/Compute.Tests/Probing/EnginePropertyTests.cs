using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>What must hold whatever the numbers are.</summary>
public sealed class EnginePropertyTests
{
    // Reassociation of float32 sums.
    private const double Reassociation = 2e-6;
    private const double Float32 = 1e-5;

    private static readonly EngineCase Deep = new([8, 6], Activation.Gelu, Bias: true, Loss.Mse, Prediction.Logit, 0.02);

    public static TheoryData<ProbeEngineKind> Engines { get; } = [ProbeEngineKind.RankOne, ProbeEngineKind.DeltaForward, ProbeEngineKind.FullForward];

    public static TheoryData<ProbeEngineKind> FastEngines { get; } = [ProbeEngineKind.RankOne, ProbeEngineKind.DeltaForward];

    public static MatrixTheoryData<ProbeEngineKind, bool, double> LinearModels { get; } =
        new([ProbeEngineKind.RankOne, ProbeEngineKind.DeltaForward, ProbeEngineKind.FullForward], [true, false], [1e-6, 1e-4, 1e-2, 0.1]);

    [Theory]
    [MemberData(nameof(LinearModels))]
    public void Linear_model_has_the_product_of_the_features_as_its_kernel(ProbeEngineKind kind, bool bias, double rate)
    {
        var setting = new EngineCase([], Activation.Identity, bias, Loss.Mse, Prediction.Logit, rate);
        var engine = setting.Engine(kind);
        using var stepper = setting.Stepper(engine);
        using var shard = setting.Shard(engine, stepper);
        for (var t = 0; t < EngineCase.Samples; t++)
        {
            var stepped = setting.Step(stepper, t, 1, apply: true);
            var row = new double[EngineCase.Probes];
            Assert.True(SimilarityRow.TryKernelized(shard.Perturb(stepped.Updates).Change, rate, stepped.Results[0].Gradient, row));
            var x = Arrays.Row(setting.Features, t, EngineCase.Inputs).ToArray();
            for (var j = 0; j < row.Length; j++)
            {
                var probe = Arrays.Row(setting.ProbeFeatures, j, EngineCase.Inputs).ToArray();
                Assert.Equal(x.Zip(probe, (a, b) => a * b).Sum() + (bias ? 1 : 0), row[j], 1e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(EngineCase.Names), MemberType = typeof(EngineCase))]
    public void Relative_similarity_of_a_sample_with_itself_is_1(string name)
    {
        SelfSimilarityIs1(EngineCase.Named(name), ProbeEngineKind.DeltaForward);
        if (EngineCase.Named(name).Hidden.Length <= 1)
            SelfSimilarityIs1(EngineCase.Named(name), ProbeEngineKind.RankOne);
    }

    private static void SelfSimilarityIs1(EngineCase setting, ProbeEngineKind kind)
    {
        var engine = setting.Engine(kind);
        using var stepper = setting.Stepper(engine);
        using var shard = setting.Shard(engine, stepper);
        var stepped = setting.Step(stepper, 0, EngineCase.Probes, apply: true);
        var rows = shard.Perturb(stepped.Updates);
        for (var b = 0; b < rows.Steps; b++)
        {
            var row = new double[rows.Probes];
            var magnitudes = Arrays.Row(rows.Magnitude ?? rows.Change, b, rows.Probes);
            Assert.True(SimilarityRow.TryRelative(magnitudes, stepped.Results[b].SelfChange, row));
            Assert.Equal(1, row[b], Float32);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Probe_that_does_not_move_has_similarity_0(ProbeEngineKind kind)
    {
        var setting = For(kind) with { Activation = Activation.Relu, Bias = false };
        var engine = setting.Engine(kind);
        using var stepper = setting.Stepper(engine);
        using var shard = engine.CreateShard(new double[EngineCase.Inputs], 1);
        shard.Load(NetworkWeights.From(stepper.Model));
        var stepped = setting.Step(stepper, 0, 5, apply: true);
        var rows = shard.Perturb(stepped.Updates);
        for (var b = 0; b < rows.Steps; b++)
        {
            var row = new double[1];
            Assert.True(SimilarityRow.TryRelative(Arrays.Row(rows.Change, b, 1), stepped.Results[b].SelfChange, row));
            AssertPositiveZero(row[0]);
            Assert.True(SimilarityRow.TryKernelized(Arrays.Row(rows.Change, b, 1), 0.02, stepped.Results[b].Gradient, row));
            AssertPositiveZero(row[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Virtual_steps_leave_every_bit_of_weights_and_shard_as_it_was(ProbeEngineKind kind)
    {
        var (plain, plainWeights) = Run(kind, withVirtual: false);
        var (interrupted, interruptedWeights) = Run(kind, withVirtual: true);
        Assert.Equal(plain, interrupted);
        Assert.Equal(plainWeights, interruptedWeights);

        static (double[] Rows, double[] Weights) Run(ProbeEngineKind kind, bool withVirtual)
        {
            var setting = For(kind);
            var engine = setting.Engine(kind);
            using var stepper = setting.Stepper(engine);
            using var shard = setting.Shard(engine, stepper);
            shard.Perturb(setting.Step(stepper, 0, 6, apply: true).Updates);
            if (withVirtual)
                shard.Perturb(setting.Step(stepper, 3, 9, apply: false).Updates);
            var rows = shard.Perturb(setting.Step(stepper, 6, 8, apply: true).Updates).Change;
            return (rows, Weights(stepper));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Virtual_steps_give_the_same_rows_in_any_order(ProbeEngineKind kind)
    {
        var setting = For(kind);
        var engine = setting.Engine(kind);
        using var stepper = setting.Stepper(engine);
        using var shard = setting.Shard(engine, stepper);
        var forward = shard.Perturb(setting.Step(stepper, 0, EngineCase.Samples, apply: false).Updates);
        for (var t = EngineCase.Samples - 1; t >= 0; t--)
        {
            var alone = shard.Perturb(setting.Step(stepper, t, 1, apply: false).Updates);
            Assert.InRange(Arrays.RelativeError(alone.Change, Arrays.Row(forward.Change, t, EngineCase.Probes)), 0, Reassociation);
        }
    }

    public static MatrixTheoryData<ProbeEngineKind, int> Splits { get; } = new([ProbeEngineKind.RankOne, ProbeEngineKind.DeltaForward], [1, 5, 7]);

    [Theory]
    [MemberData(nameof(Splits))]
    public void Block_gives_the_same_rows_when_it_is_split(ProbeEngineKind kind, int size)
    {
        var setting = For(kind);
        var whole = Rows(EngineCase.Samples);
        var split = Rows(size);
        for (var t = 0; t < EngineCase.Samples; t++)
        {
            var expected = Arrays.Row(whole, t, EngineCase.Probes);
            Assert.InRange(Arrays.RelativeError(Arrays.Row(split, t, EngineCase.Probes), expected), 0, Reassociation);
        }

        double[] Rows(int size)
        {
            var engine = setting.Engine(kind);
            using var stepper = setting.Stepper(engine);
            using var shard = setting.Shard(engine, stepper);
            return [.. Enumerable.Range(0, EngineCase.Samples).Chunk(size).SelectMany(
                block => shard.Perturb(setting.Step(stepper, block[0], block.Length, apply: true).Updates).Change)];
        }
    }

    [Theory]
    [MemberData(nameof(FastEngines))]
    public void Shards_of_some_probes_give_the_columns_of_one_shard_of_all(ProbeEngineKind kind)
    {
        var setting = For(kind);
        var engine = setting.Engine(kind);
        using var stepper = setting.Stepper(engine);
        using var all = setting.Shard(engine, stepper);
        using var first = engine.CreateShard(setting.ProbeFeatures.AsSpan(0, 3 * EngineCase.Inputs), 3);
        using var rest = engine.CreateShard(setting.ProbeFeatures.AsSpan(3 * EngineCase.Inputs), EngineCase.Probes - 3);
        first.Load(NetworkWeights.From(stepper.Model));
        rest.Load(NetworkWeights.From(stepper.Model));
        var updates = setting.Step(stepper, 0, 20, apply: true).Updates;
        var (whole, left, right) = (all.Perturb(updates), first.Perturb(updates), rest.Perturb(updates));
        for (var b = 0; b < 20; b++)
        {
            double[] joined = [.. Arrays.Row(left.Change, b, 3), .. Arrays.Row(right.Change, b, EngineCase.Probes - 3)];
            Assert.InRange(Arrays.RelativeError(joined, Arrays.Row(whole.Change, b, EngineCase.Probes)), 0, Reassociation);
        }
    }

    public static MatrixTheoryData<ProbeEngineKind, Activation> Followed { get; } = new(
        [ProbeEngineKind.RankOne, ProbeEngineKind.DeltaForward], [Activation.Relu, Activation.Gelu, Activation.Sigmoid]);

    [Theory]
    [MemberData(nameof(Followed))]
    public void Loaded_shard_agrees_with_one_that_followed_every_step(ProbeEngineKind kind, Activation activation)
    {
        var setting = For(kind) with { Activation = activation };
        var engine = setting.Engine(kind);
        using var stepper = setting.Stepper(engine);
        using var followed = setting.Shard(engine, stepper);
        for (var pass = 0; pass < 20; pass++)
        {
            using var loaded = setting.Shard(engine, stepper);
            var updates = setting.Step(stepper, 0, EngineCase.Samples, apply: true).Updates;
            var (expected, actual) = (loaded.Perturb(updates), followed.Perturb(updates));
            for (var b = 0; b < expected.Steps; b++)
            {
                var row = Arrays.Row(expected.Change, b, EngineCase.Probes);
                Assert.InRange(Arrays.RelativeError(Arrays.Row(actual.Change, b, EngineCase.Probes), row), 0, Float32);
            }
        }
    }

    [Theory]
    [MemberData(nameof(FastEngines))]
    public void Loading_again_forgets_the_state_that_was_carried(ProbeEngineKind kind)
    {
        var setting = For(kind);
        var engine = setting.Engine(kind);
        using var stepper = setting.Stepper(engine);
        using var carried = setting.Shard(engine, stepper);
        carried.Perturb(setting.Step(stepper, 0, 10, apply: true).Updates);
        carried.Load(NetworkWeights.From(stepper.Model));
        using var fresh = setting.Shard(engine, stepper);
        var updates = setting.Step(stepper, 10, 10, apply: true).Updates;
        Assert.Equal(fresh.Perturb(updates).Change, carried.Perturb(updates).Change);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Shard_refuses_updates_before_it_has_weights_and_those_of_another_engine(ProbeEngineKind kind)
    {
        var setting = For(kind);
        var engine = setting.Engine(kind);
        using var stepper = setting.Stepper(engine);
        using var shard = engine.CreateShard(setting.ProbeFeatures, EngineCase.Probes);
        var updates = setting.Step(stepper, 0, 1, apply: true).Updates;
        Assert.Throws<InvalidOperationException>(() => shard.Perturb(updates));

        shard.Load(NetworkWeights.From(stepper.Model));
        var other = Deep.Engine(kind == ProbeEngineKind.FullForward ? ProbeEngineKind.DeltaForward : ProbeEngineKind.FullForward);
        using var otherStepper = Deep.Stepper(other);
        Assert.Throws<ArgumentException>(() => shard.Perturb(Deep.Step(otherStepper, 0, 1, apply: true).Updates));
    }

    [Theory]
    [MemberData(nameof(FastEngines))]
    public void Shard_refuses_updates_with_an_array_of_another_length(ProbeEngineKind kind)
    {
        var setting = For(kind);
        var engine = setting.Engine(kind);
        using var stepper = setting.Stepper(engine);
        using var shard = setting.Shard(engine, stepper);
        var updates = (LowRankUpdateBlock)setting.Step(stepper, 0, 2, apply: true).Updates;
        for (var l = 0; l < updates.Layers.Count; l++)
        {
            var layer = updates.Layers[l];
            LayerUpdate[] wrong =
            [
                layer with { Deltas = [.. layer.Deltas, .. layer.Deltas, .. layer.Deltas] }, layer with { Deltas = layer.Deltas[..^1] },
                layer with { Inputs = [.. layer.Inputs, .. layer.Inputs] }, layer with { Inputs = layer.Inputs[..^1] },
            ];
            Assert.All(wrong, w => Assert.Throws<ArgumentException>(
                () => shard.Perturb(updates with { Layers = [.. updates.Layers.Select((other, k) => k == l ? w : other)] })));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Learning_rate_is_a_finite_number_above_0(double rate)
    {
        using var stepper = Deep.Engine(ProbeEngineKind.DeltaForward).CreateStepper();
        Assert.Throws<ArgumentOutOfRangeException>(() => stepper.LearningRate = rate);
    }

    [Fact]
    public void Engine_says_what_it_is()
    {
        var delta = Deep.Engine(ProbeEngineKind.DeltaForward);
        var full = Deep.Engine(ProbeEngineKind.FullForward);
        var rankOne = For(ProbeEngineKind.RankOne).Engine(ProbeEngineKind.RankOne);
        Assert.Equal(ProbeEngineKind.DeltaForward, Deep.Engine(ProbeEngineKind.Auto).Kind);
        Assert.Equal(ProbeEngineKind.RankOne, For(ProbeEngineKind.RankOne).Engine(ProbeEngineKind.Auto).Kind);
        Assert.Equal(ProbeEngineKind.RankOne, (Deep with { Hidden = [] }).Engine(ProbeEngineKind.Auto).Kind);
        Assert.Equal("probes float32, trainer float64", rankOne.Precision);
        Assert.Equal(
            "probes and first layer float32, loss and outputs float64", (Deep with { Hidden = [513] }).Engine(ProbeEngineKind.RankOne).Precision);
        Assert.Throws<ArgumentException>(() => Deep.Engine(ProbeEngineKind.RankOne));
        Assert.Equal((ProbeEngineKind.DeltaForward, "probes float32, trainer float64"), (delta.Kind, delta.Precision));
        Assert.Equal((ProbeEngineKind.FullForward, "float64", 64), (full.Kind, full.Precision, full.MaxStepsPerCall));
        Assert.Equal(["auto", "rank-one", "delta-forward", "full-forward"], Enum.GetValues<ProbeEngineKind>().Select(ProbeEngine.Name));
    }

    private static EngineCase For(ProbeEngineKind kind) => kind == ProbeEngineKind.RankOne ? Deep with { Hidden = [14] } : Deep;

    private static double[] Weights(IStepper stepper) => [.. NetworkWeights.From(stepper.Model).Parameters.SelectMany(p => p.Values)];

    private static void AssertPositiveZero(double value) => Assert.Equal(0L, BitConverter.DoubleToInt64Bits(value));
}
