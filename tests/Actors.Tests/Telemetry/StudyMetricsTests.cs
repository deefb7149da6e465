using System.Diagnostics.Metrics;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Actors.Tests.Studies;
using ElasticityStream.Compute.Probing;
using Microsoft.Extensions.Time.Testing;

namespace ElasticityStream.Actors.Tests.Telemetry;

/// <summary>The metrics of a study against what the same study records.</summary>
public sealed class StudyMetricsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly MeterReader _reader = new();
    private readonly ElasticityMeter _meter;

    public StudyMetricsTests() => _meter = new ElasticityMeter(["empty-id", "feature-count"], ["metrics", "logs"], _time);

    public void Dispose()
    {
        _reader.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Instruments_are_those_of_the_list()
    {
        Assert.Equal(Instruments.All.Select(i => i.Name).Order(StringComparer.Ordinal), _reader.Published.Keys.Order(StringComparer.Ordinal));
        Assert.All(Instruments.All, i =>
        {
            var published = _reader.Published[i.Name];
            Assert.Equal((i.Unit, i.Description, KindOf(published)), (published.Unit, published.Description, i.Kind));
        });
    }

    [Fact]
    public void Counters_exist_at_0_from_the_start()
    {
        _meter.Begin("main");
        _reader.Gauges();
        Assert.Equal(
            new[]
            {
                "elasticity.probe.rows{model=main,outcome=degenerate}", "elasticity.probe.rows{model=main,outcome=ok}",
                "elasticity.samples.rejected{reason=empty-id}", "elasticity.samples.rejected{reason=feature-count}", "elasticity.study.rewinds{model=main}",
                "elasticity.telemetry.dropped{signal=logs}", "elasticity.telemetry.dropped{signal=metrics}",
                "elasticity.training.steps{model=main,role=auxiliary}", "elasticity.training.steps{model=main,role=primary}",
            }.Select(name => (name, 0.0)),
            _reader.Sums.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, s.Value)));
    }

    [Theory]
    [InlineData(ProbeEngineKind.RankOne, false, 8)]
    [InlineData(ProbeEngineKind.FullForward, false, 8)]
    [InlineData(ProbeEngineKind.FullForward, true, 64)]
    public async Task Metrics_are_what_the_study_records(ProbeEngineKind engine, bool unknownModule, int requests)
    {
        IReadOnlyDictionary<string, double> gauges = new Dictionary<string, double>();
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 24), engine);
        if (unknownModule)
            plan = StudyFixture.OfUnknownModule(plan);
        plan = plan with { ClusterEvery = 16, RecordEvery = 8 };
        var recorder = new RecordedStudy();
        // The last block is accumulated, and clustered, and its rows are recorded before the final clustering begins.
        recorder.OnReport = report => gauges = report.Phase == Actors.Studies.StudyPhase.Clustering ? _reader.Gauges() : gauges;
        await StudyFixture.RunAsync(plan, recorder, metrics: _meter.Begin("main"));

        foreach (var role in new[] { "primary", "auxiliary" })
            Assert.Equal(recorder.Steps.Count(s => s.Role == role), _reader.Sums[$"elasticity.training.steps{{model=main,role={role}}}"]);
        Assert.Equal(recorder.Steps.Count, _reader.Sums["elasticity.probe.rows{model=main,outcome=ok}"]);
        Assert.Equal(0, _reader.Sums["elasticity.probe.rows{model=main,outcome=degenerate}"]);
        var durations = _reader.Values["elasticity.training.step.duration{model=main}"];
        Assert.Equal(recorder.Steps.Count, durations.Count);
        Assert.All(durations, d => Assert.InRange(d, double.Epsilon, 60));
        Assert.Equal(2 * requests, _reader.Values[$"elasticity.probe.duration{{model=main,engine={ProbeEngine.Name(engine)}}}"].Count);

        Assert.Equal(recorder.Steps.Average(s => s.Loss), gauges["elasticity.training.loss{model=main}"], 1e-12);
        Assert.Equal(recorder.Steps.Average(s => s.Correct ? 1 : 0), gauges["elasticity.training.accuracy{model=main}"], 1e-12);
        foreach (var measure in new[] { "relative", "kernelized" })
        {
            var index = recorder.Indices.Last(i => i.Measure == measure);
            Assert.NotNull(index.Index);
            Assert.Equal(index.Index, Gauge($"elasticity.index{{model=main,measure={measure}}}"));
            Assert.Equal(index.Reference, Gauge($"elasticity.index.reference{{model=main,measure={measure}}}"));
        }

        foreach (var pair in recorder.ClassPairs.GroupBy(p => (p.Measure, p.From, p.To)).Select(p => p.Last()))
            Assert.Equal(pair.Mean, gauges[$"elasticity.similarity{{model=main,measure={pair.Measure},from={pair.From},to={pair.To}}}"]);
        var clusterings = recorder.Clusterings.Where(c => !c.Final).GroupBy(c => c.Measure).Select(c => c.Last()).ToArray();
        Assert.Equal(2, clusterings.Length);
        foreach (var c in clusterings)
        {
            var tags = $"{{model=main,measure={c.Measure},method={c.Method}}}";
            Assert.Equal(c.Scores.Accuracy, gauges[$"elasticity.clustering.accuracy{tags}"]);
            Assert.Equal(c.Scores.AdjustedRandIndex, gauges[$"elasticity.clustering.ari{tags}"]);
            Assert.Equal(c.Scores.NormalisedMutualInformation, gauges[$"elasticity.clustering.nmi{tags}"]);
            Assert.Equal(c.Churn, gauges[$"elasticity.clustering.churn{tags}"]);
            Assert.Equal(c.ClusterSizes, Enumerable.Range(1, 2).Select(k => (int)gauges[$"elasticity.clustering.cluster.size{tags[..^1]},cluster={k}}}"]));
        }

        Assert.Equal(0, gauges["elasticity.pipeline.inflight{model=main}"]);
        Assert.Equal(0, gauges["elasticity.pipeline.lag{model=main}"]);
        Assert.True(gauges["elasticity.torch.live_tensors{}"] > 0 && gauges["process.memory.usage{}"] > 1 << 20);

        double? Gauge(string series) => gauges.TryGetValue(series, out var value) ? value : null;
    }

    [Fact]
    public async Task Series_of_a_study_end_with_it()
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 24));
        await StudyFixture.RunAsync(plan, metrics: _meter.Begin("main"));
        Assert.DoesNotContain(_reader.Gauges().Keys, series => series.Contains("model=", StringComparison.Ordinal));
        Assert.NotNull(await StudyFixture.FailAsync(plan with { LearningRate = 1e30 }, metrics: _meter.Begin("contrast")));
        Assert.DoesNotContain(_reader.Gauges().Keys, series => series.Contains("model=", StringComparison.Ordinal));
    }

    [Fact]
    public void Number_that_is_none_does_not_leave_the_process()
    {
        var metrics = _meter.Begin("main");
        metrics.Training(double.NaN, double.PositiveInfinity);
        metrics.Index([new ElasticityIndexRow(1, "online", "relative", null, double.NaN, null, null, 0, 0)]);
        metrics.ClassPairs([new ClassPairRow(1, "relative", "5", "9", double.NegativeInfinity, 1)]);
        Assert.DoesNotContain(
            _reader.Gauges().Keys, s => s.StartsWith("elasticity.training", StringComparison.Ordinal) || s.Contains("measure=", StringComparison.Ordinal));
        metrics.Training(0.5, 1);
        Assert.Equal(0.5, _reader.Gauges()["elasticity.training.loss{model=main}"]);
    }

    [Fact]
    public void Study_is_idle_when_it_waits_for_its_source_with_nothing_in_flight()
    {
        var metrics = _meter.Begin("main");
        Assert.Equal(StudyState.Starting, _meter.State);
        metrics.Is(StudyState.Running);
        // A sweep, or whatever else takes its time without blocks.
        Advance(StudyState.Running);
        metrics.Waiting();
        Assert.Equal(StudyState.Running, _meter.State);
        Advance(StudyState.Idle);
        metrics.BlockBegun();
        Advance(StudyState.Running);
        metrics.Waiting();
        Advance(StudyState.Running);
        metrics.BlockTrained();
        metrics.BlockAccumulated();
        Assert.Equal(StudyState.Idle, _meter.State);
        Assert.Equal(
            ["failed=0", "ended=0", "idle=1", "running=0", "starting=0"],
            _reader.Gauges().Where(g => g.Key.Contains("study.state", StringComparison.Ordinal)).Reverse()
                .Select(g => $"{g.Key["elasticity.study.state{state=".Length..^1]}={g.Value}"));
        metrics.WaitingNoMore();
        Advance(StudyState.Running);
        metrics.End();
        _meter.State = StudyState.Ended;
        Advance(StudyState.Ended);

        void Advance(StudyState expected)
        {
            _time.Advance(ElasticityMeter.IdleAfter);
            Assert.Equal(expected, _meter.State);
        }
    }

    [Fact]
    public void Pairs_of_many_classes_are_bounded()
    {
        var metrics = _meter.Begin("main");
        var pairs = Enumerable.Range(0, 12).SelectMany(f => Enumerable.Range(0, 12).Select(
            t => new ClassPairRow(1, "relative", $"c{f}", $"c{t}", f == t ? 10 + f : (f * 0.01) + (t * 0.0001), f == t ? 1 : f + 1))).ToArray();
        metrics.ClassPairs(pairs);
        var series = _reader.Gauges().Where(g => g.Key.StartsWith("elasticity.similarity", StringComparison.Ordinal)).ToDictionary();
        Assert.Equal(12, series.Count);
        var different = pairs.Where(p => p.From != p.To).ToArray();
        Assert.Equal(15.5, Of("(any)", "(same)"), 1e-12);
        Assert.Equal(different.Sum(p => p.Mean * p.Count) / different.Sum(p => p.Count), Of("(any)", "(different)"), 1e-12);
        Assert.All(different.OrderByDescending(p => p.Mean).Take(10), p => Assert.Equal(p.Mean, Of(p.From, p.To)));

        double Of(string from, string to) => series[$"elasticity.similarity{{model=main,measure=relative,from={from},to={to}}}"];
    }

    [Fact]
    public void Pair_without_a_step_keeps_its_value()
    {
        var metrics = _meter.Begin("main");
        metrics.ClassPairs([new ClassPairRow(1, "relative", "5", "9", 0.25, 1), new ClassPairRow(1, "relative", "9", "5", 0.5, 1)]);
        metrics.ClassPairs([new ClassPairRow(2, "relative", "9", "5", 0.75, 1)]);
        var gauges = _reader.Gauges();
        Assert.Equal(0.25, gauges["elasticity.similarity{model=main,measure=relative,from=5,to=9}"]);
        Assert.Equal(0.75, gauges["elasticity.similarity{model=main,measure=relative,from=9,to=5}"]);
    }

    private static InstrumentKind KindOf(System.Diagnostics.Metrics.Instrument published) => published switch
    {
        Counter<long> or ObservableCounter<long> => InstrumentKind.Counter,
        { IsObservable: true } => InstrumentKind.Gauge,
        _ => InstrumentKind.Histogram,
    };
}
