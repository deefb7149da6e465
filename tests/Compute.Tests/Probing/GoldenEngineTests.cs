using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Tests.Golden;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>All engines against the golden references, at every activation, loss, protocol and learning rate.</summary>
public sealed class GoldenEngineTests
{
    private const double Float32Tolerance = 1e-5;
    private const double FullForwardTolerance = 1e-8;

    [Theory]
    [MemberData(nameof(GoldenCases.Names), MemberType = typeof(GoldenCases))]
    public void DeltaForward_reproduces_the_reference(string name) =>
        Check(GoldenCases.Named(name), ProbeEngineKind.DeltaForward, Float32Tolerance);

    [Theory]
    [MemberData(nameof(GoldenCases.Names), MemberType = typeof(GoldenCases))]
    public void RankOne_reproduces_the_reference(string name) =>
        Check(GoldenCases.Named(name), ProbeEngineKind.RankOne, Float32Tolerance);

    [Theory]
    [MemberData(nameof(GoldenCases.Names), MemberType = typeof(GoldenCases))]
    public void FullForward_reproduces_the_reference(string name) =>
        Check(GoldenCases.Named(name), ProbeEngineKind.FullForward, FullForwardTolerance);

    private static void Check(GoldenCase golden, ProbeEngineKind kind, double tolerance)
    {
        if (golden.Protocol == "online")
        {
            CheckOnline(golden, kind, tolerance);
            return;
        }

        CheckFrozen(golden, kind, Prediction.Probability, "delta", "ker", tolerance);
        if (golden.Loss == "bce")
            CheckFrozen(golden, kind, Prediction.Logit, "delta_logit", "ker_logit", tolerance);
    }

    private static void CheckFrozen(
        GoldenCase golden, ProbeEngineKind kind, Prediction prediction, string deltaKey, string kernelKey, double tolerance)
    {
        var run = new Run(golden, kind, prediction);
        using var stepper = run.Stepper;
        using var shard = run.Shard;
        var n = golden.Fixture.Primaries;
        var rows = new List<double[]>();
        var kernel = new List<double[]>();
        var relative = new List<double[]>();
        for (var i = 0; i < n; i++)
        {
            var stepped = stepper.Step(Arrays.Row(run.Probes, i, run.Features), [run.Labels[run.Primaries[i]]], apply: false);
            run.Collect(stepped, shard.Perturb(stepped.Updates), rows, relative, kernel);
        }

        AssertRows(rows, golden.Doubles(deltaKey).Values, tolerance);
        AssertRows(kernel, golden.Doubles(kernelKey).Values, tolerance);
        if (prediction == Prediction.Logit)
            return;
        AssertRows(relative, golden.Doubles("rel").Values, tolerance);
        var symmetric = SimilarityMatrix.Symmetrise(relative.SelectMany(r => r).ToArray(), n);
        Assert.InRange(Arrays.RelativeError(symmetric, golden.Doubles("rel_sym").Values), 0, tolerance);
    }

    private static void CheckOnline(GoldenCase golden, ProbeEngineKind kind, double tolerance)
    {
        var run = new Run(golden, kind, Prediction.Probability);
        using var stepper = run.Stepper;
        using var shard = run.Shard;
        var n = golden.Fixture.Primaries;
        var (rows, relative, kernel) = (new double[n][], new double[n][], new double[n][]);
        var order = golden.Fixture.Longs("order").Values;
        foreach (var chunk in order.Chunk(7))
        {
            var stepped = stepper.Step(
                Arrays.Rows(run.Inputs, chunk, run.Features), chunk.Select(i => run.Labels[i]).ToArray(), apply: true);
            List<double[]> blockRows = [], blockRelative = [], blockKernel = [];
            run.Collect(stepped, shard.Perturb(stepped.Updates), blockRows, blockRelative, blockKernel);
            for (var b = 0; b < chunk.Length; b++)
            {
                var row = Array.IndexOf(run.Primaries, chunk[b]);
                if (row >= 0)
                    (rows[row], relative[row], kernel[row]) = (blockRows[b], blockRelative[b], blockKernel[b]);
            }
        }

        AssertRows(rows, golden.Doubles("delta").Values, tolerance);
        AssertRows(relative, golden.Doubles("rel").Values, tolerance);
        AssertRows(kernel, golden.Doubles("ker").Values, tolerance);
        var weights = NetworkWeights.From(stepper.Model);
        foreach (var (parameter, key) in weights.Parameters.Zip(["W1_end", "b1_end", "w2_end", "b2_end"]))
        {
            Assert.InRange(Arrays.RelativeError(parameter.Values, golden.Doubles(key).Values), 0, 1e-12);
        }
    }

    private static void AssertRows(IReadOnlyList<double[]> actual, double[] expected, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Sum(r => r.Length));
        for (var i = 0; i < actual.Count; i++)
        {
            var error = Arrays.RelativeError(actual[i], Arrays.Row(expected, i, actual[i].Length));
            Assert.True(error <= tolerance, $"Row {i}: relative error {error:e2} > {tolerance:e0}.");
        }
    }

    /// <summary>An engine that starts from the weights of a fixture.</summary>
    private sealed class Run
    {
        private readonly double _learningRate;

        public Run(GoldenCase golden, ProbeEngineKind kind, Prediction prediction)
        {
            var fixture = golden.Fixture;
            Features = fixture.Features;
            Inputs = fixture.Doubles("X").Values;
            Labels = fixture.Doubles("y").Values;
            Primaries = fixture.Longs("primary_index").Values;
            Probes = Arrays.Rows(Inputs, Primaries, Features);
            _learningRate = golden.LearningRate;

            var activation = Enum.Parse<Activation>(golden.Activation, ignoreCase: true);
            var loss = new LossFunction(Enum.Parse<Loss>(golden.Loss, ignoreCase: true), prediction);
            var spec = new NetworkSpec(NetworkKind.Mlp, Features, [fixture.Hidden], 1, activation, Bias: true);
            var engine = ProbeEngine.Create(kind, spec, loss, torch.CPU, seed: 1);
            Stepper = engine.CreateStepper(Weights(fixture));
            Stepper.LearningRate = _learningRate;
            Shard = engine.CreateShard(Probes, Primaries.Length);
            Shard.Load(NetworkWeights.From(Stepper.Model));
        }

        public IStepper Stepper { get; }

        public IProbeShard Shard { get; }

        public int Features { get; }

        public double[] Inputs { get; }

        public double[] Labels { get; }

        public double[] Probes { get; }

        public long[] Primaries { get; }

        public void Collect(
            SteppedBlock stepped, PerturbationBlock block, List<double[]> rows, List<double[]> relative, List<double[]> kernel)
        {
            for (var b = 0; b < block.Steps; b++)
            {
                var change = Arrays.Row(block.Change, b, block.Probes).ToArray();
                var (rel, ker) = (new double[change.Length], new double[change.Length]);
                Assert.True(SimilarityRow.TryRelative(change, stepped.Results[b].SelfChange, rel));
                Assert.True(SimilarityRow.TryKernelized(change, _learningRate, stepped.Results[b].Gradient, ker));
                rows.Add(change);
                relative.Add(rel);
                kernel.Add(ker);
            }
        }

        private static NetworkWeights Weights(GoldenFixture fixture)
        {
            (string Name, string Key, long[] Shape)[] parameters =
            [
                ("layer1.weight", "W1", [fixture.Hidden, fixture.Features]), ("layer1.bias", "b1", [fixture.Hidden]),
                ("layer2.weight", "w2", [1, fixture.Hidden]), ("layer2.bias", "b2", [1]),
            ];
            return new NetworkWeights([.. parameters.Select(p => new ParameterArray(
                p.Name, p.Shape, fixture.Doubles(p.Key).Values))]);
        }
    }
}
