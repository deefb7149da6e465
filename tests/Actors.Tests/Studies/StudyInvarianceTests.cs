using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>What must not change the result of a study.</summary>
public sealed class StudyInvarianceTests
{
    private const double Tolerance = 2e-6;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 2)]
    [InlineData(32, 3)]
    [InlineData(32, 1)]
    public async Task Study_of_500_steps_gives_the_same_matrices_whatever_the_block_size_and_the_evaluators(int blockSize, int evaluators)
    {
        var source = new PointSource(primaryPerClass: 60, auxiliary: 130);
        var plan = await StudyFixture.PlanAsync(source);
        plan = plan with { Stream = plan.Stream with { Passes = 2, BlockSize = 5 } };
        var expected = await StudyFixture.RunAsync(plan with { Evaluators = 2 });
        var actual = await StudyFixture.RunAsync(
            plan with { Evaluators = evaluators, Stream = plan.Stream with { BlockSize = blockSize } });

        Assert.Equal(500, actual.Measurements.Steps);
        foreach (var measure in Enum.GetValues<SimilarityMeasure>())
            Assert.InRange(Distance(Values(actual, measure), Values(expected, measure)), 0, Tolerance);
    }

    [Theory]
    [InlineData(ProbeEngineKind.RankOne)]
    [InlineData(ProbeEngineKind.DeltaForward)]
    [InlineData(ProbeEngineKind.FullForward)]
    public async Task Study_repeated_gives_the_same_bits(ProbeEngineKind engine)
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 20), engine);
        var first = await StudyFixture.RunAsync(plan with { Evaluators = 3 });
        var second = await StudyFixture.RunAsync(plan with { Evaluators = 3 });
        foreach (var measure in Enum.GetValues<SimilarityMeasure>())
            Assert.Equal(Values(first, measure), Values(second, measure));
        Assert.Equal(first.FinalWeights.Parameters.Select(p => p.Values), second.FinalWeights.Parameters.Select(p => p.Values));
    }

    [Fact]
    public async Task Engines_agree()
    {
        var source = new PointSource(20, 20);
        var delta = await StudyFixture.RunAsync(await StudyFixture.PlanAsync(source, ProbeEngineKind.DeltaForward));
        var full = await StudyFixture.RunAsync(await StudyFixture.PlanAsync(source, ProbeEngineKind.FullForward));
        foreach (var measure in Enum.GetValues<SimilarityMeasure>())
            Assert.InRange(Distance(Values(delta, measure), Values(full, measure)), 0, 5e-6);
        foreach (var (a, b) in delta.FinalWeights.Parameters.Zip(full.FinalWeights.Parameters))
            Assert.InRange(Distance(a.Values, b.Values), 0, 1e-13);
    }

    internal static double[] Values(StudyOutcome outcome, SimilarityMeasure measure) =>
        outcome.Measurements.Measures.Single(m => m.Measure == measure).Similarity.Values;

    /// <summary>|a - b| / |b|, Frobenius.</summary>
    internal static double Distance(double[] a, double[] b)
    {
        Assert.Equal(b.Length, a.Length);
        return Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum() / b.Sum(y => y * y));
    }
}
