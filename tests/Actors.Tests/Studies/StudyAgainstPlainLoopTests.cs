using Akka.Streams;
using Akka.Streams.Dsl;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;
using ElasticityStream.Streams;

namespace ElasticityStream.Actors.Tests.Studies;

public sealed class StudyAgainstPlainLoopTests
{
    private static readonly SimilarityMeasure[] Measures = Enum.GetValues<SimilarityMeasure>();

    [Theory]
    [InlineData(ProbeEngineKind.RankOne)]
    [InlineData(ProbeEngineKind.DeltaForward)]
    [InlineData(ProbeEngineKind.FullForward)]
    public async Task Online_study_is_a_plain_loop_bit_for_bit(ProbeEngineKind engine)
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 20), engine);
        plan = plan with { Evaluators = 1, Stream = plan.Stream with { Passes = 2 } };
        var recorder = new RecordedStudy();
        var outcome = await StudyFixture.RunAsync(plan, recorder);

        using var loop = new PlainLoop(plan);
        loop.Begin();
        foreach (var block in recorder.TrainedSamples(plan.Source).Chunk(plan.Stream.BlockSize))
            loop.Step(block);
        Assert.Equal(120, recorder.Steps.Count);
        AssertEqual(loop.Weights, outcome.FinalWeights);
        Assert.All(Measures, m => Assert.Equal(loop.Similarity(m), StudyInvarianceTests.Values(outcome, m)));
    }

    [Fact]
    public async Task Sweep_study_gives_the_rows_of_virtual_steps_in_float64()
    {
        var source = new PointSource(20, 20);
        var plan = await StudyFixture.PlanAsync(source) with { Protocol = Protocol.Sweep, TotalSteps = 0, RowsFromSweeps = true };
        var recorder = new RecordedStudy();
        var outcome = await StudyFixture.RunAsync(plan, recorder);

        using var loop = new PlainLoop(await StudyFixture.PlanAsync(source, ProbeEngineKind.FullForward));
        loop.Begin();
        loop.Step(plan.Probes.Samples, apply: false);
        Assert.All(Measures, m => Assert.InRange(
            StudyInvarianceTests.Distance(StudyInvarianceTests.Values(outcome, m), loop.Similarity(m)), 0, 5e-6));
        AssertEqual(outcome.InitialWeights, outcome.FinalWeights);
        Assert.Equal(0, outcome.Measurements.Steps);
        Assert.Single(recorder.Sweeps);
    }

    [Fact]
    public async Task Pretraining_trains_and_is_a_plain_loop_bit_for_bit()
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 20));
        plan = plan with
        {
            Evaluators = 1,
            Pretraining = new TrainingStreamOptions { Passes = 5, BlockSize = 10, Seed = 3 },
            PretrainingLearningRate = 0.05,
        };
        var recorder = new RecordedStudy();
        var outcome = await StudyFixture.RunAsync(plan, recorder);
        var losses = recorder.Reports.Where(r => r.Phase == StudyPhase.Pretraining).ToArray();
        Assert.Equal(Enumerable.Range(1, 30).Select(b => (long)b), losses.Select(r => r.Step));
        Assert.All(losses, r => Assert.Equal(30, r.TotalSteps));
        Assert.True(losses[^6..].Average(r => r.Loss) < 0.5 * losses[..6].Average(r => r.Loss), "The loss did not fall.");

        using var loop = new PlainLoop(plan);
        var expected = await PretrainAsync(loop, plan, batches: 30);
        Assert.Equal(expected, losses.Select(r => r.Loss!.Value));
        loop.Begin();
        foreach (var block in recorder.TrainedSamples(plan.Source).Chunk(plan.Stream.BlockSize))
            loop.Step(block);
        AssertEqual(loop.Weights, outcome.FinalWeights);
        Assert.All(Measures, m => Assert.Equal(loop.Similarity(m), StudyInvarianceTests.Values(outcome, m)));
    }

    [Fact]
    public async Task Learning_rate_auto_is_half_of_one_over_the_mean_kernel_diagonal()
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 20));
        var outcome = await StudyFixture.RunAsync(plan with { LearningRate = null });
        using var loop = new PlainLoop(plan);
        Assert.Equal(loop.MeanKernelDiagonal, outcome.MeanKernelDiagonal!.Value, 1e-12);
        Assert.Equal(0.5 / loop.MeanKernelDiagonal, outcome.LearningRate, 1e-12);
    }

    [Fact]
    public async Task Classifier_study_agrees_between_engines_and_with_a_plain_loop()
    {
        var source = new PointSource(15, 15).AsClassifier();
        var network = new NetworkSpec(NetworkKind.Mlp, source.Schema.FeatureCount, [12], 3, Activation.Tanh, Bias: true);
        var plan = await StudyFixture.PlanAsync(source, ProbeEngineKind.DeltaForward, network, Loss.CrossEntropy);
        var recorder = new RecordedStudy();
        var delta = await StudyFixture.RunAsync(plan, recorder);
        var fullPlan = await StudyFixture.PlanAsync(source, ProbeEngineKind.FullForward, network, Loss.CrossEntropy);
        var full = await StudyFixture.RunAsync(fullPlan);
        using var loop = new PlainLoop(fullPlan);
        loop.Begin();
        loop.Step(recorder.TrainedSamples(source));

        Assert.Equal(45, recorder.Steps.Count);
        foreach (var measure in Measures)
        {
            Assert.InRange(StudyInvarianceTests.Distance(StudyInvarianceTests.Values(delta, measure), loop.Similarity(measure)), 0, 5e-6);
            Assert.InRange(StudyInvarianceTests.Distance(StudyInvarianceTests.Values(full, measure), loop.Similarity(measure)), 0, 1e-12);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Kernelized_similarity_of_a_linear_model_is_the_inner_product(bool bias)
    {
        var source = new PointSource(20, 20);
        var network = new NetworkSpec(NetworkKind.Linear, source.Schema.FeatureCount, [], 1, Activation.Identity, bias);
        var plan = await StudyFixture.PlanAsync(source, network: network);
        var outcome = await StudyFixture.RunAsync(plan);
        var x = plan.Probes.Samples.Select(p => p.Features.ToArray()).ToArray();
        double[] kernel = [.. x.SelectMany(a => x.Select(b => a.Zip(b, (p, q) => (double)p * q).Sum() + (bias ? 1 : 0)))];
        Assert.InRange(StudyInvarianceTests.Distance(StudyInvarianceTests.Values(outcome, SimilarityMeasure.Kernelized), kernel), 0, 1e-6);
        var measured = outcome.Measurements.Measures.Single(m => m.Measure == SimilarityMeasure.Kernelized);
        Assert.Equal(measured.Reference.SameClass!.Value, measured.Contrast.SameClass!.Value, 1e-5);
        Assert.Equal(measured.Reference.DifferentClass!.Value, measured.Contrast.DifferentClass!.Value, 1e-5);
    }

    internal static void AssertEqual(NetworkWeights expected, NetworkWeights actual) =>
        Assert.Equal(expected.Parameters.Select(p => p.Values), actual.Parameters.Select(p => p.Values));

    /// <summary>Trains a loop on the mini-batches that come first in a study's own order; returns their losses.</summary>
    internal static async Task<IReadOnlyList<double>> PretrainAsync(PlainLoop loop, StudyPlan plan, int batches)
    {
        // The number by which a study tells the order of its mini-batches from that of its steps: fixed for ever.
        var options = plan.Pretraining! with { Seed = plan.Pretraining!.Seed + 0x5EED };
        var (blocks, _) = await StudyFixture.InSystemAsync(
            system => TrainingStream.Create(plan.Source, options).RunWith(Sink.Seq<SampleBlock>(), system.Materializer()));
        return [.. blocks.Take(batches).Select(block => loop.Pretrain(block.Samples.Select(s => s.Sample)))];
    }
}
