using System.Collections.Concurrent;
using System.Diagnostics;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Actors.Tests.Studies;
using ElasticityStream.Compute.Probing;

namespace ElasticityStream.Actors.Tests.Telemetry;

/// <summary>The spans of whole studies. They are the process's, of whose tests only one runs at a time.</summary>
public sealed class StudyTracingTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 8)]
    public async Task Block_is_the_parent_of_what_its_actors_do(bool unknownModule, int requests)
    {
        var spans = await SpansAsync(ActivitySamplingResult.AllDataAndRecorded, unknownModule);
        var blocks = spans.GroupBy(s => s.TraceId).ToArray();
        Assert.Equal(8, blocks.Length);
        foreach (var block in blocks)
        {
            var root = Assert.Single(block, s => s.OperationName == StudyTracing.Block);
            Assert.Equal(default, root.ParentSpanId);
            Assert.All(block.Where(s => s != root), s => Assert.Equal(root.SpanId, s.ParentSpanId));
            Assert.Equal(8, root.GetTagItem("elasticity.block.steps"));
            Assert.Equal(requests, block.Count(s => s.OperationName == StudyTracing.Steps));
            Assert.Equal(
                requests + block.Count(s => s.OperationName == StudyTracing.Cluster), block.Count(s => s.OperationName == StudyTracing.Update));
            Assert.Equal(2 * requests, block.Count(s => s.OperationName == StudyTracing.Probe));
            Assert.All(block, s => Assert.InRange(s.StartTimeUtc, root.StartTimeUtc, DateTime.MaxValue));
        }

        Assert.Equal(Enumerable.Range(0, 8).Select(b => b * 8L), blocks
            .Select(b => (long)b.Single(s => s.OperationName == StudyTracing.Block).GetTagItem("elasticity.block.first_step")!).Order());
        // Every 32 steps, and at the end.
        Assert.Equal(3, spans.Count(s => s.OperationName == StudyTracing.Cluster));
    }

    [Fact]
    public async Task Block_that_is_not_sampled_has_no_children()
    {
        var spans = await SpansAsync(ActivitySamplingResult.PropagationData, unknownModule: false);
        Assert.Equal(Enumerable.Repeat((StudyTracing.Block, false), 8), spans.Select(s => (s.OperationName, s.Recorded)));
    }

    [Fact]
    public async Task Blocks_that_a_study_leaves_behind_are_marked()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(ActivitySamplingResult.AllDataAndRecorded, spans);
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 24));
        await StudyFixture.FailAsync(plan with { LearningRate = 1e30 });
        Assert.Contains(spans, s => s.OperationName == StudyTracing.Block && s.Status == ActivityStatusCode.Error);
    }

    private static async Task<IReadOnlyList<Activity>> SpansAsync(ActivitySamplingResult sampling, bool unknownModule)
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(sampling, spans);
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 24), ProbeEngineKind.RankOne);
        if (unknownModule)
            plan = StudyFixture.OfUnknownModule(plan);
        await StudyFixture.RunAsync(plan with { ClusterEvery = 32 });
        return [.. spans];
    }

    private static ActivityListener Listen(ActivitySamplingResult sampling, ConcurrentQueue<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == StudyTracing.SourceName,
            Sample = (ref _) => sampling,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
