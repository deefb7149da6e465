using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>The steps of a block predicted together, against the same steps loaded into the module one after the other.</summary>
public sealed class StackedFullForwardTests
{
    // Of a row, Euclidean, beside the outputs that are subtracted: some roundings of a prediction, whatever the learning rate.
    private const double Tolerance = 1e-14;

    private static readonly NetworkSpec Cnn =
        new(NetworkKind.Cnn, 220, [5], 1, Activation.Gelu, true) { Convolutions = new(new ImageShape(2, 11, 10), [3, 4], 3) };

    // Widths that fill no vector, and arrays of which the next version's begins at another alignment.
    private static readonly NetworkSpec[] Networks =
    [
        new(NetworkKind.Linear, 13, [], 1, Activation.Identity, true),
        new(NetworkKind.Mlp, 21, [49], 1, Activation.Relu, true),
        new(NetworkKind.Mlp, 20, [40, 24, 9], 3, Activation.Tanh, false),
        new(NetworkKind.Mlp, 129, [301, 77], 1, Activation.Gelu, true),
        new(NetworkKind.ResnetMlp, 12, [31, 31], 1, Activation.Sigmoid, true),
        new(NetworkKind.ResnetMlp, 15, [8, 8], 3, Activation.LeakyRelu, false),
        Cnn,
        Cnn with { Inputs = 399, Hidden = [7], Convolutions = new(new ImageShape(1, 21, 19), [3, 5], 3) },
        Cnn with { Outputs = 3, Bias = false, Activation = Activation.Relu },
    ];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Networks.Length)];

    public StackedFullForwardTests() => TorchThreads.UseOne();

    [Theory]
    [MemberData(nameof(Indices))]
    public void Number_of_torch_calls_does_not_grow_with_the_number_of_steps(int network)
    {
        foreach (var chunkValues in new[] { 1L << 23, 10_000 })
        {
            var study = new StackedStudy(Networks[network], chunkValues: chunkValues);
            using var stepper = study.Stepper();
            using var shard = study.Shard(stepper);
            foreach (var apply in new[] { true, false })
            {
                var counts = new[] { 1, 4, 32, 64 }.Select(steps =>
                {
                    var updates = study.Step(stepper, 0, steps, apply);
                    var before = Created();
                    shard.Perturb(updates);
                    return Created() - before;
                }).ToArray();
                Assert.True(counts[0] > 4, "Every torch call makes a tensor and is counted.");
                Assert.All(counts, c => Assert.Equal(counts[0], c));
            }
        }
    }

    [Theory]
    [MemberData(nameof(EngineCase.Names), MemberType = typeof(EngineCase))]
    public void Fully_connected_network_has_the_rows_of_its_module_stepped_one_by_one(string name)
    {
        var setting = EngineCase.Named(name);
        var engine = setting.Engine(ProbeEngineKind.FullForward);
        using var stepper = setting.Stepper(engine);
        using var stacked = setting.Shard(engine, stepper);
        var byModule = new FullForwardEngine(() => new FullyConnectedNetwork(setting.Network, CPU, 1), setting.Outputs, setting.LossFunction, CPU);
        using var plain = setting.Shard(byModule, stepper);
        Check(stacked, plain, EngineCase.Samples, (start, count, apply) => setting.Step(stepper, start, count, apply).Updates, Scale);

        double Scale() => stepper.Model.forward(tensor(setting.ProbeFeatures, EngineCase.Probes, EngineCase.Inputs)).norm().item<double>();
    }

    [Theory]
    [MemberData(nameof(LayeredCase.Names), MemberType = typeof(LayeredCase))]
    public void Layered_network_has_the_rows_of_its_module_stepped_one_by_one(string name)
    {
        var setting = LayeredCase.Named(name);
        var engine = setting.Engine(ProbeEngineKind.FullForward);
        using var stepper = setting.Stepper(engine);
        using var stacked = setting.Shard(engine, stepper);
        var byModule = new FullForwardEngine(
            () => new LayeredNetwork(setting.Network, CPU, 1), setting.Outputs, new LossFunction(setting.Loss, setting.Prediction), CPU);
        using var plain = setting.Shard(byModule, stepper);
        Check(stacked, plain, LayeredCase.Samples, (start, count, apply) => setting.Step(stepper, start, count, apply).Updates, Scale);

        double Scale() => stepper.Model.forward(tensor(setting.ProbeFeatures, LayeredCase.Probes, setting.Inputs)).norm().item<double>();
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Step_that_leaves_the_weights_moves_no_prediction(int network)
    {
        foreach (var probes in new[] { 1, 2, 7, 37, 130 })
            AssertUnmoved(new StackedStudy(Networks[network], probes));
    }

    [Fact]
    public void Step_that_leaves_the_weights_moves_no_prediction_whatever_the_lengths()
    {
        var random = new SeededRandom(3, stream: 7);
        for (var i = 0; i < 150; i++)
        {
            var image = new ImageShape(Upto(3), 9 + Upto(15), 9 + Upto(15));
            var (hidden, bias, outputs) = (Upto(200), Upto(2) == 1, Upto(3));
            AssertUnmoved(new StackedStudy(
                (i % 3) switch
                {
                    0 => new NetworkSpec(NetworkKind.Mlp, Upto(300), [hidden, Upto(90)], outputs, Activation.Tanh, bias),
                    1 => new NetworkSpec(NetworkKind.ResnetMlp, Upto(300), [hidden, hidden], outputs, Activation.Gelu, bias),
                    _ => new NetworkSpec(NetworkKind.Cnn, image.Size, [Upto(40)], outputs, Activation.Sigmoid, bias)
                    {
                        Convolutions = new(image, [Upto(8), Upto(8)], 1 + Upto(2)),
                    },
                },
                probes: Upto(60)));
        }

        int Upto(int most) => 1 + (int)(random.NextDouble() * most);
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Rows_have_the_same_bits_in_blocks_of_any_length(int network)
    {
        const int steps = 40;
        var study = new StackedStudy(Networks[network], stepsAtOnce: 32);
        using var stepper = study.Stepper();
        using var whole = study.Shard(stepper);
        using var parts = study.Shard(stepper);
        foreach (var apply in new[] { true, false })
        {
            var updates = study.Step(stepper, 0, steps, apply);
            var expected = whole.Perturb(updates).Change;
            foreach (var size in apply ? [7] : new[] { 1, 7, 32 })
            {
                var actual = Enumerable.Range(0, steps).Chunk(size).SelectMany(part => parts.Perturb(Part(updates, part[0], part.Length)).Change);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Fact]
    public void Module_of_unknown_structure_is_stepped_one_by_one()
    {
        var engine = new FullForwardEngine(() => new Unknown(5), 1, new LossFunction(Loss.Mse, Prediction.Logit), CPU);
        Assert.Equal(1, engine.MaxStepsPerCall);
        using var stepper = engine.CreateStepper();
        stepper.LearningRate = 0.1;
        double[] x = [0.1, 0.2, 0.3, 0.4, 0.5, -0.5, -0.4, -0.3, -0.2, -0.1];
        using var shard = engine.CreateShard(x, 2);
        shard.Load(NetworkWeights.From(stepper.Model));
        double[] At(int probe) => Staging.ToDoubles(stepper.Model.forward(tensor(x[(probe * 5)..((probe + 1) * 5)], 1, 5)));
        double[] before = [.. At(0), .. At(1)];
        var rows = shard.Perturb(stepper.Step(x.AsSpan(0, 5), [1], apply: true).Updates);
        Assert.Equal(At(0)[0] - before[0], rows.Change[0], 1e-15);
        Assert.Equal(At(1)[0] - before[1], rows.Change[1], 1e-15);
        Assert.NotEqual(0, rows.Change[0]);
    }

    [Fact]
    public void Steps_of_a_call_are_as_many_as_the_budget_holds_and_at_least_one()
    {
        Assert.Equal(64, Steps(Cnn));
        Assert.Equal(64, Steps(new NetworkSpec(NetworkKind.Linear, 784, [], 1, Activation.Identity, true)));
        // 201,217 and 813,057 parameters, of which 2^23 values are 41 and 10 copies.
        Assert.Equal(41, Steps(new NetworkSpec(NetworkKind.Mlp, 784, [256], 1, Activation.Relu, true)));
        Assert.Equal(10, Steps(new NetworkSpec(NetworkKind.Mlp, 784, [1024, 8], 1, Activation.Relu, true)));
        // 9,216 and 1,016,064 values of the first feature maps, of which 2^23 values are 28 times those of 32 probes, and none.
        Assert.Equal(28, Steps(Cnn with { Inputs = 784, Convolutions = new(new ImageShape(1, 28, 28), [16, 32], 5) }));
        Assert.Equal(1, Steps(Cnn with { Inputs = 65_536, Convolutions = new(new ImageShape(1, 256, 256), [16, 4], 5) }));
        Assert.Equal(1, Steps(new NetworkSpec(NetworkKind.Mlp, 784, [40960], 1, Activation.Relu, true)));
        Assert.Equal(1, Steps(new NetworkSpec(NetworkKind.ResnetMlp, 784, [1 << 20, 1 << 20], 1, Activation.Relu, true)));

        static int Steps(NetworkSpec network) => new FullForwardEngine(network, new LossFunction(Loss.Mse, Prediction.Logit), CPU, 1).MaxStepsPerCall;
    }

    [Fact]
    public void Network_that_fills_the_budget_alone_is_stepped_one_by_one()
    {
        var network = new NetworkSpec(NetworkKind.Mlp, 3000, [1500], 1, Activation.Relu, true);
        var engine = new FullForwardEngine(network, new LossFunction(Loss.Mse, Prediction.Logit), CPU, 1);
        Assert.Equal(1, engine.MaxStepsPerCall);
        using var shard = engine.CreateShard(EngineCase.Uniform(2 * 3000, 1), 2);
        Assert.IsType<FullForwardShard>(shard);
    }

    [Fact]
    public void Weights_of_another_network_are_refused()
    {
        var study = new StackedStudy(Networks[1]);
        using var stepper = study.Stepper();
        using var shard = study.Shard(stepper);
        var weights = NetworkWeights.From(stepper.Model);
        var first = weights.Parameters[0];
        NetworkWeights[] wrong =
        [
            new(weights.Parameters.SkipLast(1).ToArray()),
            new([.. weights.Parameters, first]),
            new([first with { Name = "layer9.weight" }, .. weights.Parameters.Skip(1)]),
            new([first with { Shape = [first.Shape[1], first.Shape[0]] }, .. weights.Parameters.Skip(1)]),
            new([first with { Values = first.Values[..^1] }, .. weights.Parameters.Skip(1)]),
        ];
        Assert.All(wrong, w =>
        {
            Assert.Throws<ArgumentException>(() => shard.Load(w));
            Assert.Throws<ArgumentException>(() => shard.Perturb(new SnapshotUpdateBlock(true, [], [weights, w])));
        });
    }

    [Fact]
    public void Shard_leaves_no_tensor_behind() => LiveTensors.AssertSteady(blocks =>
    {
        foreach (var network in Networks)
        {
            var study = new StackedStudy(network, chunkValues: 10_000);
            using var stepper = study.Stepper();
            using var shard = study.Shard(stepper);
            for (var b = 0; b < blocks; b++)
            {
                shard.Perturb(study.Step(stepper, 0, 3, apply: true));
                shard.Perturb(study.Step(stepper, 0, 2, apply: false));
                shard.Load(NetworkWeights.From(stepper.Model));
            }

            Assert.Throws<ArgumentException>(() => shard.Perturb(new SnapshotUpdateBlock(true, [], [new NetworkWeights([])])));
            if (network == Networks[^1])
                return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        return 0;
    });

    private static void Check(
        IProbeShard stacked, IProbeShard plain, int samples, Func<int, int, bool, UpdateBlock> step, Func<double> scale)
    {
        using var scope = NewDisposeScope();
        foreach (var apply in new[] { true, false, true })
        {
            var tolerance = Tolerance * (1 + scale());
            for (var start = 0; start + 6 <= samples; start += 6)
            {
                var updates = (SnapshotUpdateBlock)step(start, 6, apply);
                var rows = stacked.Perturb(updates);
                for (var b = 0; b < 6; b++)
                {
                    var row = plain.Perturb(Part(updates, b, 1));
                    Assert.InRange(Distance(Arrays.Row(rows.Change, b, row.Probes), row.Change), 0, tolerance);
                    Assert.Equal(row.Magnitude is null, rows.Magnitude is null);
                    if (row.Magnitude is not null)
                        Assert.InRange(Distance(Arrays.Row(rows.Magnitude!, b, row.Probes), row.Magnitude), 0, tolerance);
                    Assert.Contains(row.Change, c => c != 0);
                }
            }
        }
    }

    private static void AssertUnmoved(StackedStudy study)
    {
        using var stepper = study.Stepper();
        using var shard = study.Shard(stepper);
        var weights = NetworkWeights.From(stepper.Model);
        foreach (var apply in new[] { true, false })
        {
            var directions = Enumerable.Repeat(1.0, study.Spec.Outputs > 1 ? 20 * study.Spec.Outputs : 0);
            var rows = shard.Perturb(new SnapshotUpdateBlock(apply, [.. directions], [.. Enumerable.Repeat(weights, 20)]));
            Assert.All(rows.Change, c => Assert.Equal(0, c));
            Assert.All(rows.Magnitude ?? [], m => Assert.Equal(0, m));
        }
    }

    private static double Distance(ReadOnlySpan<double> a, double[] b)
    {
        Assert.Equal(b.Length, a.Length);
        var sum = 0.0;
        for (var i = 0; i < b.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.Sqrt(sum);
    }

    private static SnapshotUpdateBlock Part(SnapshotUpdateBlock block, int first, int count)
    {
        var outputs = block.Directions.Length / block.Steps;
        return new SnapshotUpdateBlock(
            block.Applied, block.Directions[(first * outputs)..((first + count) * outputs)], [.. block.After.Skip(first).Take(count)]);
    }

    private static long Created() =>
        DisposeScopeManager.Statistics.CreatedInScopeCount + DisposeScopeManager.Statistics.CreatedOutsideScopeCount;

    /// <summary>A sum of sines, which no list of layers describes.</summary>
    private sealed class Unknown : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter _frequencies;

        public Unknown(int inputs)
            : base(nameof(Unknown))
        {
            _frequencies = nn.Parameter(ones(inputs, dtype: ScalarType.Float64));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => input.mul(_frequencies).sin().sum(dim: 1, keepdim: true);
    }
}
