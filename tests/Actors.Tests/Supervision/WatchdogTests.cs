using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Supervision;
using ElasticityStream.Actors.Tests.Checkpoints;
using ElasticityStream.Actors.Tests.Studies;
using Microsoft.Extensions.Time.Testing;

namespace ElasticityStream.Actors.Tests.Supervision;

/// <summary>A study in which nothing gets on ends and says what everybody was doing; one whose source is quiet does not.</summary>
public sealed class WatchdogTests
{
    private static readonly TimeSpan StuckAfter = TimeSpan.FromMinutes(30);

    [Fact]
    public async Task Study_that_is_stuck_ends_and_tells_what_each_actor_was_doing()
    {
        var plan = await CheckpointedStudies.PlanAsync("delta-forward");
        var time = new FakeTimeProvider();
        using var release = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var (failure, _) = await StudyFixture.InSystemAsync(async system =>
        {
            var recorder = new RecordedStudy();
            var run = Record.ExceptionAsync(() => system.RunStudyAsync(
                plan,
                new StudyEnvironment(recorder, recorder, StudyFixture.Unread)
                {
                    StuckAfter = StuckAfter,
                    Time = time,
                    Activity = new StudyActivity(time)
                    {
                        OnMessage = (actor, message) =>
                        {
                            if (actor != "evaluator-1" || message is not Messages.EvaluatorProtocol.ProbeRequest { Sequence: 3 })
                                return;
                            held.Set();
                            release.Wait(TestContext.Current.CancellationToken);
                        },
                    },
                },
                CancellationToken.None));
            held.Wait(TestContext.Current.CancellationToken);
            // The others come to their rest meanwhile, or not: each tick finds them farther on, until nothing moves any more.
            while (!run.IsCompleted)
            {
                time.Advance(StuckAfter / 10);
                await Task.Yield();
            }

            var ended = await run;
            release.Set();
            return ended;
        });
        var stuck = Assert.IsType<StudyFailedException>(failure);
        Assert.Contains("stuck", stuck.Message);
        Assert.Contains("evaluator-1: in ProbeRequest for", stuck.Message);
        Assert.Contains("evaluator-0: waiting for", stuck.Message);
        Assert.Contains("trainer: ", stuck.Message);
    }

    [Fact]
    public async Task Study_whose_source_is_quiet_for_hours_is_not_stuck()
    {
        var recorder = new RecordedStudy();
        var time = new FakeTimeProvider();
        var plan = await CheckpointedStudies.PlanAsync("in the order of the source") with { Pretraining = null };
        plan = plan with
        {
            Source = new QuietSource(plan.Source, () =>
            {
                for (var tick = 0; tick < 100; tick++)
                    time.Advance(StuckAfter / 10);
                return recorder.Interruption.CancelAsync();
            }),
        };
        var outcome = await StudyFixture.RunAsync(plan, recorder, change: e => e with { StuckAfter = StuckAfter, Time = time, Activity = new StudyActivity(time) });
        Assert.True(outcome.Interrupted);
    }
}
