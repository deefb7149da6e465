using Akka.Actor;
using Akka.Hosting;
using Akka.Hosting.TestKit;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Actors.Tests.Studies;
using ElasticityStream.Compute.Similarity;
using Microsoft.Extensions.Time.Testing;

namespace ElasticityStream.Actors.Tests.Telemetry;

/// <summary>Looking at the matrices of a study that runs.</summary>
public sealed class SimilarityTapTests : TestKit
{
    private readonly FakeTimeProvider _time = new();

    protected override void ConfigureAkka(AkkaConfigurationBuilder builder, IServiceProvider provider)
    {
    }

    [Fact]
    public async Task Pictures_are_those_of_the_matrices_and_change_no_bit_of_them()
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 24)) with { ClusterEvery = 16 };
        var unwatched = await StudyFixture.RunAsync(plan);

        var metrics = StudyFixture.Unread;
        var recorder = new RecordedStudy();
        // The last answer is given before the final clustering, which the accumulator waits for then.
        recorder.OnReport = report =>
        {
            if (report.Phase == StudyPhase.Clustering)
                metrics.Similarity.Ask();
        };
        var outcome = await StudyFixture.RunAsync(plan, recorder, metrics: metrics);

        foreach (var measure in Enum.GetValues<SimilarityMeasure>())
            Assert.Equal(StudyInvarianceTests.Values(unwatched, measure), StudyInvarianceTests.Values(outcome, measure));
        Assert.Equal(
            [("relative", "class"), ("relative", "cluster"), ("kernelized", "class"), ("kernelized", "cluster")],
            metrics.Similarity.Latest.Select(p => (p.Measure, p.GroupKind)));
        foreach (var picture in metrics.Similarity.Latest)
        {
            var measured = outcome.Measurements.Measures.Single(m => Names.Of(m.Measure) == picture.Measure).Similarity;
            Assert.Equal((recorder.Steps.Count, plan.Probes.Count), (picture.Step, picture.Probes));
            Assert.Equal(measured.Symmetrised().Order(), picture.Cells.Means.Order());
        }

        var byClass = metrics.Similarity.Latest[0];
        var order = ProbeBlocks.By([.. plan.Probes.Samples.Select(s => s.Class)], within: null).Order;
        var symmetrised = outcome.Measurements.Measures[0].Similarity.Symmetrised();
        Assert.Equal(order.SelectMany(i => order.Select(j => symmetrised[(i * order.Length) + j])), byClass.Cells.Means);
        Assert.Equal(plan.Probes.Samples.GroupBy(s => s.Class).Select(g => (g.Key, g.Count())).Order(), byClass.Groups.Select(g => (g.Name, g.Count)));
        var sizes = recorder.Clusterings.Last(c => !c.Final && c.Measure == "relative").ClusterSizes;
        Assert.Equal(sizes, metrics.Similarity.Latest[1].Groups.Select(g => g.Count));
        Assert.Equal(["1", "2"], metrics.Similarity.Latest[1].Groups.Select(g => g.Name));
    }

    [Fact]
    public async Task Nothing_is_drawn_for_nobody()
    {
        var metrics = StudyFixture.Unread;
        await StudyFixture.RunAsync(await StudyFixture.PlanAsync(new PointSource(20, 24)), metrics: metrics);
        Assert.Empty(metrics.Similarity.Latest);
        // The study is over: nobody is there to answer.
        metrics.Similarity.Ask();
        Assert.Empty(metrics.Similarity.Latest);
    }

    [Fact]
    public async Task Picture_that_cannot_be_made_is_told_to_those_who_look_and_not_to_the_accumulator()
    {
        var tap = new SimilarityTap(_time);
        tap.Open(TestActor);
        tap.Show(() => throw new InvalidOperationException("no ink"));
        Assert.Equal("no ink", tap.Failure?.Message);
        Assert.Empty(tap.Latest);
        _time.Advance(TimeSpan.FromHours(1));
        tap.Ask();
        TestActor.Tell("nothing");
        Assert.Equal("nothing", await ExpectMsgAsync<string>(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Many_who_look_get_one_picture_at_a_time_and_a_share_of_the_time()
    {
        var tap = new SimilarityTap(_time);
        tap.Open(TestActor);
        tap.Ask();
        tap.Ask();
        await ExpectMsgAsync<AccumulatorProtocol.DrawSimilarity>(cancellationToken: TestContext.Current.CancellationToken);

        await AnsweredIn(TimeSpan.FromMilliseconds(1), pause: SimilarityTap.ShortestPause);
        await AnsweredIn(TimeSpan.FromMilliseconds(200), pause: TimeSpan.FromMilliseconds(200 * SimilarityTap.PauseOverDrawing));

        tap.Close();
        tap.Ask();
        await NothingIsAskedAsync();

        async Task AnsweredIn(TimeSpan duration, TimeSpan pause)
        {
            tap.Show(() =>
            {
                _time.Advance(duration);
                return [];
            });
            _time.Advance(pause - TimeSpan.FromTicks(1));
            tap.Ask();
            await NothingIsAskedAsync();
            _time.Advance(TimeSpan.FromTicks(1));
            tap.Ask();
            tap.Ask();
            await ExpectMsgAsync<AccumulatorProtocol.DrawSimilarity>(cancellationToken: TestContext.Current.CancellationToken);
            await NothingIsAskedAsync();
        }

        // The tap tells at once or not at all, so that whatever it told stands before this.
        async Task NothingIsAskedAsync()
        {
            TestActor.Tell("nothing");
            Assert.Equal("nothing", await ExpectMsgAsync<string>(cancellationToken: TestContext.Current.CancellationToken));
        }
    }
}
