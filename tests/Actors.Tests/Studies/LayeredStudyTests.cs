using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>Whole studies of a cnn and of a resnet-mlp, their updates through the serializer.</summary>
public sealed class LayeredStudyTests
{
    private const int Side = 10;

    private static readonly SimilarityMeasure[] Measures = Enum.GetValues<SimilarityMeasure>();

    [Theory]
    [InlineData(NetworkKind.Cnn)]
    [InlineData(NetworkKind.ResnetMlp)]
    public async Task Online_study_is_a_plain_loop_bit_for_bit(NetworkKind kind)
    {
        var plan = await PlanAsync(kind, ProbeEngineKind.DeltaForward);
        plan = plan with { Evaluators = 1, LearningRate = 0.005 };
        var recorder = new RecordedStudy();
        var outcome = await StudyFixture.RunAsync(plan, recorder);

        using var loop = new PlainLoop(plan);
        loop.Begin();
        foreach (var block in recorder.TrainedSamples(plan.Source).Chunk(plan.Stream.BlockSize))
            loop.Step(block);
        Assert.Equal(32, recorder.Steps.Count);
        StudyAgainstPlainLoopTests.AssertEqual(loop.Weights, outcome.FinalWeights);
        Assert.All(Measures, m => Assert.Equal(loop.Similarity(m), StudyInvarianceTests.Values(outcome, m)));
    }

    [Theory]
    [InlineData(NetworkKind.Cnn, Loss.Mse)]
    [InlineData(NetworkKind.Cnn, Loss.CrossEntropy)]
    [InlineData(NetworkKind.ResnetMlp, Loss.Mse)]
    [InlineData(NetworkKind.ResnetMlp, Loss.CrossEntropy)]
    public async Task Engines_agree_with_three_evaluators_and_sweeps_in_between(NetworkKind kind, Loss loss)
    {
        var outcomes = new List<StudyOutcome>();
        foreach (var engine in new[] { ProbeEngineKind.DeltaForward, ProbeEngineKind.FullForward })
        {
            var plan = await PlanAsync(kind, engine, loss);
            outcomes.Add(await StudyFixture.RunAsync(plan with { Evaluators = 3, SweepEvery = 16, LearningRate = null }));
        }

        foreach (var measure in Measures)
        {
            Assert.InRange(
                StudyInvarianceTests.Distance(
                    StudyInvarianceTests.Values(outcomes[0], measure), StudyInvarianceTests.Values(outcomes[1], measure)),
                0, 5e-6);
        }

        foreach (var (a, b) in outcomes[0].FinalWeights.Parameters.Zip(outcomes[1].FinalWeights.Parameters))
            Assert.InRange(StudyInvarianceTests.Distance(a.Values, b.Values), 0, 1e-12);
    }

    private static Task<StudyPlan> PlanAsync(NetworkKind kind, ProbeEngineKind engine, Loss loss = Loss.Mse)
    {
        var points = new PointSource(primaryPerClass: 12, auxiliary: 8, features: Side * Side);
        var source = new PointSource(points.Samples, points.Schema with { FeatureShape = [Side, Side] });
        if (loss == Loss.CrossEntropy)
            source = source.AsClassifier();
        var network = new NetworkSpec(
            kind, Side * Side, kind == NetworkKind.Cnn ? [6] : [8, 8], loss == Loss.CrossEntropy ? 3 : 1, Activation.Relu, Bias: true)
        {
            Convolutions = kind == NetworkKind.Cnn ? new ConvolutionSpec(ImageShape.Of(source.Schema.FeatureShape)!, [2, 3], 3) : null,
        };
        return StudyFixture.PlanAsync(source, engine, network, loss);
    }
}
