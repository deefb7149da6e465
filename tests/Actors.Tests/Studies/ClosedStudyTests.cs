using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>Studies whose training samples are all probes: the trainer takes their pre-activations from the evaluators.</summary>
public sealed class ClosedStudyTests
{
    private const int Hidden = RankOneEngine.DoublePrecisionUnits + 30;

    private static readonly SimilarityMeasure[] Measures = Enum.GetValues<SimilarityMeasure>();

    [Theory]
    [InlineData(1, Loss.Mse)]
    [InlineData(3, Loss.CrossEntropy)]
    public async Task Closed_study_measures_what_an_open_one_does(int outputs, Loss loss)
    {
        var plan = await PlanAsync(outputs, loss);
        Assert.True(plan.IsClosed);
        var (openSteps, closedSteps) = (new RecordedStudy(), new RecordedStudy());
        var open = await StudyFixture.RunAsync(plan with { TrainsOnProbesOnly = false }, openSteps);
        var closed = await StudyFixture.RunAsync(plan, closedSteps);

        Assert.Equal(openSteps.Steps.Select(s => (s.Step, s.SampleId)), closedSteps.Steps.Select(s => (s.Step, s.SampleId)));
        foreach (var measure in Measures)
        {
            Assert.InRange(
                StudyInvarianceTests.Distance(StudyInvarianceTests.Values(closed, measure), StudyInvarianceTests.Values(open, measure)), 0, 5e-6);
        }

        foreach (var (a, b) in closed.FinalWeights.Parameters.Zip(open.FinalWeights.Parameters))
            Assert.InRange(StudyInvarianceTests.Distance(a.Values, b.Values), 0, 1e-6);
    }

    [Fact]
    public async Task Closed_study_gives_the_same_bits_for_any_number_of_evaluators()
    {
        var plan = await PlanAsync();
        var one = await StudyFixture.RunAsync(plan with { Evaluators = 1 });
        foreach (var evaluators in new[] { 2, 3 })
        {
            var more = await StudyFixture.RunAsync(plan with { Evaluators = evaluators });
            Assert.All(Measures, m => Assert.Equal(StudyInvarianceTests.Values(one, m), StudyInvarianceTests.Values(more, m)));
            StudyAgainstPlainLoopTests.AssertEqual(one.FinalWeights, more.FinalWeights);
        }
    }

    [Fact]
    public async Task Sweeps_change_no_bit_of_a_closed_study()
    {
        var plan = await PlanAsync() with { RebaseEvery = 20 };
        var without = await StudyFixture.RunAsync(plan);
        var recorder = new RecordedStudy();
        var with = await StudyFixture.RunAsync(plan with { SweepEvery = 15, SweepKernel = true }, recorder);
        Assert.NotEmpty(recorder.Sweeps);
        Assert.All(Measures, m => Assert.Equal(StudyInvarianceTests.Values(without, m), StudyInvarianceTests.Values(with, m)));
        StudyAgainstPlainLoopTests.AssertEqual(without.FinalWeights, with.FinalWeights);
    }

    [Fact]
    public async Task Closed_study_that_is_interrupted_keeps_the_steps_done()
    {
        var plan = await PlanAsync();
        plan = plan with { Stream = plan.Stream with { Passes = 50 } };
        var recorder = new RecordedStudy();
        recorder.OnSteps = steps =>
        {
            if (steps == 21)
                recorder.Interruption.Cancel();
        };
        var outcome = await StudyFixture.RunAsync(plan, recorder);
        Assert.True(outcome.Interrupted);
        Assert.InRange(outcome.Measurements.Steps, 21, 1900);
        Assert.Equal(outcome.Measurements.Steps, recorder.Steps.Count);
    }

    [Fact]
    public async Task Only_a_wide_network_with_one_hidden_layer_is_trained_in_the_closed_form()
    {
        var source = new PointSource(20, 0);
        foreach (var hidden in new int[][] { [], [16], [Hidden, 8] })
        {
            var network = new NetworkSpec(
                hidden.Length == 0 ? NetworkKind.Linear : NetworkKind.Mlp, source.Schema.FeatureCount, hidden, 1, Activation.Relu, Bias: true);
            var plan = await StudyFixture.PlanAsync(source, ProbeEngineKind.Auto, network) with { TrainsOnProbesOnly = true };
            Assert.False(plan.IsClosed);
        }
    }

    private static async Task<StudyPlan> PlanAsync(int outputs = 1, Loss loss = Loss.Mse)
    {
        var source = outputs == 1 ? new PointSource(20, 0) : new PointSource(13, 13).AsClassifier();
        var network = new NetworkSpec(NetworkKind.Mlp, source.Schema.FeatureCount, [Hidden], outputs, Activation.Relu, Bias: true);
        var plan = await StudyFixture.PlanAsync(source, ProbeEngineKind.RankOne, network, loss);
        return plan with { TrainsOnProbesOnly = true, LearningRate = 1e-3, Stream = plan.Stream with { Passes = 2, BlockSize = 7 }, RebaseEvery = 30 };
    }
}
