using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>Sweeps while a study trains.</summary>
public sealed class SweepTests
{
    [Theory]
    [InlineData(ProbeEngineKind.RankOne)]
    [InlineData(ProbeEngineKind.DeltaForward)]
    [InlineData(ProbeEngineKind.FullForward)]
    public async Task Sweeps_change_no_bit_of_anything_else(ProbeEngineKind engine)
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(16, 24), engine);
        var (without, with) = (new RecordedStudy(), new RecordedStudy());
        var expected = await StudyFixture.RunAsync(plan, without);
        var actual = await StudyFixture.RunAsync(plan with { SweepEvery = 7 }, with);

        // Due at 7, 14, 21, …: at the end of every block of 8.
        Assert.Equal([8, 16, 24, 32, 40, 48, 56], with.Sweeps.Select(s => s.Step));
        Assert.Empty(without.Sweeps);
        StudyAgainstPlainLoopTests.AssertEqual(expected.FinalWeights, actual.FinalWeights);
        foreach (var measure in Enum.GetValues<SimilarityMeasure>())
            Assert.Equal(StudyInvarianceTests.Values(expected, measure), StudyInvarianceTests.Values(actual, measure));
        Assert.Equal(without.Steps, with.Steps);
        Assert.Equal(without.ClassPairs, with.ClassPairs);
        Assert.Equal(without.Indices, with.Indices.Where(i => i.Protocol == "online"));
        Assert.All(with.Sweeps, s => Assert.Equal(plan.Probes.Count, s.Matrices[0].Probes.Length));
    }

    [Fact]
    public async Task Held_out_probes_have_class_pair_statistics_from_steps_and_S_from_the_latest_sweep()
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 20), probes: 10);
        plan = plan with
        {
            Stream = plan.Stream with { ExcludedIds = plan.Probes.Samples.Select(s => s.Id).ToHashSet() },
            TotalSteps = 50,
            SweepEvery = 25,
            RowsFromSweeps = true,
        };
        var recorder = new RecordedStudy();
        var outcome = await StudyFixture.RunAsync(plan, recorder);
        Assert.Equal(50, outcome.Measurements.Steps);
        Assert.Equal([32, 50], recorder.Sweeps.Select(s => s.Step));
        foreach (var measure in outcome.Measurements.Measures)
            Assert.Equal(recorder.Sweeps[^1].Matrices.Single(m => m.Measure == measure.Measure).Values, measure.Similarity.Values);

        // 50 steps, none of them at a probe, to each of 10 probes, for either measure.
        Assert.Equal(2 * 50 * 10, recorder.ClassPairs.Sum(p => p.Count));
        Assert.All(recorder.Indices, i => Assert.Equal("sweep", i.Protocol));
        Assert.Contains(recorder.ClassPairs, p => p is { From: "c", To: "a" });
    }

    [Fact]
    public async Task Rebase_changes_results_by_no_more_than_rounding()
    {
        var network = new NetworkSpec(NetworkKind.Mlp, 6, [16, 8], 1, Activation.Relu, Bias: true);
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 20), network: network);
        var rare = await StudyFixture.RunAsync(plan);
        var often = await StudyFixture.RunAsync(plan with { RebaseEvery = 5 });
        StudyAgainstPlainLoopTests.AssertEqual(rare.FinalWeights, often.FinalWeights);
        foreach (var measure in Enum.GetValues<SimilarityMeasure>())
        {
            Assert.InRange(
                StudyInvarianceTests.Distance(StudyInvarianceTests.Values(often, measure), StudyInvarianceTests.Values(rare, measure)), 0, 2e-6);
        }
    }
}
