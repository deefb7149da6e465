using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>What the lengths of blocks, the cuts into shards and the widths of layers must not change.</summary>
public sealed class BlockedDeltaForwardTests
{
    private const int Inputs = 20;

    public static MatrixTheoryData<Activation, int> Shapes { get; } = new(Enum.GetValues<Activation>(), [1, 5, 17, 32]);

    [Theory]
    [InlineData(Loss.Mse, true)]
    [InlineData(Loss.Mse, false)]
    [InlineData(Loss.Bce, true)]
    [InlineData(Loss.CrossEntropy, true)]
    public void Number_of_torch_calls_does_not_grow_with_the_number_of_steps(Loss loss, bool apply)
    {
        foreach (var (kind, hidden) in new (NetworkKind, int[])[]
        {
            (NetworkKind.Mlp, []), (NetworkKind.Mlp, [48]), (NetworkKind.Mlp, [40, 24]), (NetworkKind.Mlp, [30, 20, 10]), (NetworkKind.ResnetMlp, [24, 24]),
        })
        {
            var outputs = loss == Loss.CrossEntropy ? 3 : 1;
            var study = new Study(new NetworkSpec(kind, Inputs, hidden, outputs, Activation.Gelu, true), loss, inTorch: true);
            using var stepper = study.Stepper();
            using var shard = study.Shard(stepper, 0, 70);
            int[] sizes = [2, 16, 64];
            var counts = sizes.Select(b =>
            {
                var before = Created();
                var updates = study.Step(stepper, 0, b, apply).Updates;
                var stepped = Created();
                shard.Perturb(updates);
                return (Trainer: stepped - before, Shard: Created() - stepped);
            }).ToArray();
            Assert.True(counts[0].Shard > 4, "Every torch call makes a tensor and is counted.");
            Assert.All(counts, c => Assert.Equal(counts[0], c));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Probe_has_the_same_bits_in_every_shard(Activation activation, int steps)
    {
        const int probes = 150;
        foreach (var hidden in new int[][] { [70], [300, 50], [1030, 33, 17] })
        {
            var outputs = hidden.Length == 1 ? 5 : 1;
            var study = new Study(
                new NetworkSpec(NetworkKind.Mlp, Inputs, hidden, outputs, activation, true), outputs > 1 ? Loss.CrossEntropy : Loss.Bce);
            var whole = Rows(study, steps, (0, probes));
            foreach (var cut in new[] { 1, 16, 75, 149 })
                Assert.Equal(whole, Rows(study, steps, (0, cut), (cut, probes)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Block_longer_than_the_shard_takes_at_once_gives_the_rows_of_shorter_blocks(bool inTorch)
    {
        var study = new Study(new NetworkSpec(NetworkKind.Mlp, Inputs, [40, 24], 1, Activation.Tanh, true), Loss.Mse, inTorch);
        using var stepper = study.Stepper();
        using var shard = study.Shard(stepper, 0, 30);
        using var other = study.Shard(stepper, 0, 30);
        var updates = (LowRankUpdateBlock)study.Step(stepper, 0, 150, apply: true).Updates;
        var whole = shard.Perturb(updates).Change;
        var parts = Enumerable.Range(0, 150).Chunk(40).SelectMany(steps => other.Perturb(Part(updates, steps[0], steps.Length)).Change);
        Assert.InRange(Arrays.RelativeError([.. parts], whole), 0, 2e-6);
    }

    [Theory]
    [InlineData(Activation.Relu, false)]
    [InlineData(Activation.Sigmoid, false)]
    [InlineData(Activation.Relu, true)]
    [InlineData(Activation.Sigmoid, true)]
    public void Wide_hidden_layers_agree_with_full_forward(Activation activation, bool inTorch)
    {
        var study = new Study(new NetworkSpec(NetworkKind.Mlp, Inputs, [1500, 1100], 1, activation, true), Loss.Mse, inTorch);
        using var stepper = study.Stepper();
        using var shard = study.Shard(stepper, 0, 20);
        var oracle = ProbeEngine.Create(ProbeEngineKind.FullForward, study.Spec, study.LossFunction, CPU, seed: 3);
        using var oracleStepper = oracle.CreateStepper();
        oracleStepper.LearningRate = Study.Rate;
        using var oracleShard = oracle.CreateShard(study.Features.AsSpan(0, 20 * Inputs), 20);
        oracleShard.Load(NetworkWeights.From(oracleStepper.Model));
        foreach (var apply in new[] { true, false })
        {
            var actual = shard.Perturb(study.Step(stepper, 0, 6, apply).Updates).Change;
            for (var b = 0; b < 6; b++)
            {
                var expected = oracleShard.Perturb(study.Step(oracleStepper, b, 1, apply).Updates).Change;
                Assert.InRange(Arrays.RelativeError(Arrays.Row(actual, b, 20), expected), 0, 1e-5);
            }
        }
    }

    [Fact]
    public void Weights_multiply_alike_in_plain_loops_and_in_torch()
    {
        using var scope = NewDisposeScope();
        foreach (var (outputs, inputs) in new[] { (1, 1), (3, 7), (37, 50), (64, 129) })
        {
            var weight = rand([outputs, inputs], dtype: ScalarType.Float64);
            var (host, torch) = (new HostLayerWeights(weight), new TorchLayerWeights(weight, CPU));
            var (a, u) = (EngineCase.Uniform(inputs, 4), EngineCase.Uniform(outputs, 5));
            u[outputs / 2] = 0;
            var (z, expectedZ) = (new double[outputs], new double[outputs]);
            host.Multiply(a, z);
            torch.Multiply(a, expectedZ);
            Assert.InRange(Arrays.RelativeError(z, expectedZ), 0, 1e-14);
            var (v, expectedV) = (new double[inputs], new double[inputs]);
            host.MultiplyTransposed(u, v);
            torch.MultiplyTransposed(u, expectedV);
            Assert.InRange(Arrays.RelativeError(v, expectedV), 0, 1e-14);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(100)]
    [InlineData(1027)]
    public void Inner_product_has_the_same_bits_wherever_the_vectors_lie(int count)
    {
        var (a, b) = (EngineCase.Uniform(count, 6), EngineCase.Uniform(count, 7));
        var expected = TensorPrimitives.Dot<double>(a, b);
        Assert.Equal(a.Zip(b, (x, y) => x * y).Sum(), expected, 1e-12);
        for (var offset = 0; offset < 8; offset++)
        {
            double[] moved = [.. new double[offset], .. a];
            Assert.Equal(expected, TensorPrimitives.Dot<double>(moved.AsSpan(offset), b));
        }
    }

    private static long Created() =>
        DisposeScopeManager.Statistics.CreatedInScopeCount + DisposeScopeManager.Statistics.CreatedOutsideScopeCount;

    private static double[] Rows(Study study, int steps, params (int First, int End)[] shards)
    {
        using var stepper = study.Stepper();
        var followers = shards.Select(s => study.Shard(stepper, s.First, s.End)).ToArray();
        var rows = new List<double>();
        for (var start = 0; start < 2 * steps; start += steps)
        {
            var updates = study.Step(stepper, start, steps, apply: true).Updates;
            var blocks = followers.Select(f => f.Perturb(updates)).ToArray();
            for (var b = 0; b < steps; b++)
                rows.AddRange(blocks.SelectMany(block => Arrays.Row(block.Change, b, block.Probes).ToArray()));
        }

        Array.ForEach(followers, f => f.Dispose());
        return [.. rows];
    }

    private static LowRankUpdateBlock Part(LowRankUpdateBlock block, int first, int count)
    {
        return block with { Steps = count, Layers = [.. block.Layers.Select(l => new LayerUpdate(Slice(l.Deltas), Slice(l.Inputs)))] };

        float[] Slice(float[] rows) => rows[(first * (rows.Length / block.Steps))..((first + count) * (rows.Length / block.Steps))];
    }

    /// <summary>An engine with its samples; the first are the probes too. Its shards are vectorised or the torch operations of other devices.</summary>
    private sealed class Study(NetworkSpec spec, Loss loss, bool inTorch = false)
    {
        public const double Rate = 0.01;

        private readonly DeltaForwardEngine _engine = new(spec, new LossFunction(loss, Prediction.Probability), CPU, seed: 3);

        public NetworkSpec Spec => spec;

        public LossFunction LossFunction { get; } = new(loss, Prediction.Probability);

        public double[] Features { get; } = EngineCase.Uniform(160 * Inputs, stream: 2);

        public IStepper Stepper()
        {
            var stepper = _engine.CreateStepper();
            stepper.LearningRate = Rate;
            return stepper;
        }

        public IProbeShard Shard(IStepper stepper, int first, int end)
        {
            var features = Features.AsSpan(first * Inputs, (end - first) * Inputs);
            var shard = inTorch
                ? new TorchDeltaForwardShard(spec, LossFunction, CPU, features, end - first)
                : _engine.CreateShard(features, end - first);
            shard.Load(NetworkWeights.From(stepper.Model));
            return shard;
        }

        public SteppedBlock Step(IStepper stepper, int start, int count, bool apply) => stepper.Step(
            Features.AsSpan(start * Inputs, count * Inputs), [.. Enumerable.Range(start, count).Select(i => (double)(i % 2))], apply);
    }
}
