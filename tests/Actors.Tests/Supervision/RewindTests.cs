using System.Collections.Concurrent;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Supervision;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Actors.Tests.Checkpoints;
using ElasticityStream.Actors.Tests.Studies;
using ElasticityStream.Actors.Tests.Telemetry;

namespace ElasticityStream.Actors.Tests.Supervision;

/// <summary>An actor that fails, at whatever message, costs no bit: the study goes back to a checkpoint and gives what it gives undisturbed.</summary>
public sealed class RewindTests
{
    private static readonly string[] Studies = ["rank-one, closed", "rank-one, open", "delta-forward", "sweep"];

    // Every kind of message of every actor that occurs in a study, and how often.
    private static async Task<IReadOnlyDictionary<(string Actor, string Message), int>> MessagesAsync(string study)
    {
        var messages = new ConcurrentDictionary<(string, string), int>();
        var plan = await CheckpointedStudies.PlanAsync(study);
        await StudyFixture.RunAsync(plan, change: e => e with
        {
            Activity = new StudyActivity(TimeProvider.System)
            {
                OnMessage = (actor, message) => messages.AddOrUpdate((actor, message.GetType().Name), 1, (_, count) => count + 1),
            },
        });
        return messages;
    }

    public static TheoryData<string> Cases => [.. Studies];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Actor_that_fails_at_any_kind_of_message_costs_no_bit(string study)
    {
        var plan = await CheckpointedStudies.PlanAsync(study) with { MaxRewinds = 1 };
        var undisturbed = new RecordedStudy();
        var expected = StudyBits.Of(undisturbed, await StudyFixture.RunAsync(plan, undisturbed));
        var random = new Random(5);
        foreach (var ((actor, message), count) in (await MessagesAsync(study)).OrderBy(m => m.Key))
        {
            // Whoever keeps the checkpoints is not replaced.
            if (actor == "checkpoints")
                continue;
            var recorded = new RecordedStudy();
            var outcome = await StudyFixture.RecoverAsync(plan, recorded, e => e with { Activity = FailingOnce(actor, message, random.Next(count)) });
            Assert.True(
                expected.SequenceEqual(StudyBits.Of(recorded, outcome)), $"{actor} failed at {message}, and {FirstDifference(expected, StudyBits.Of(recorded, outcome))}");
            Assert.Single(recorded.Events, e => e.Kind == EventKinds.Rewound);
        }
    }

    [Fact]
    public async Task Study_whose_actors_fail_again_and_again_at_the_same_place_ends_with_the_cause()
    {
        var plan = await CheckpointedStudies.PlanAsync("delta-forward") with { MaxRewinds = 3 };
        var recorder = new RecordedStudy();
        var failure = await StudyFixture.FailAsync(plan, recorder, change: e => e with
        {
            Activity = new StudyActivity(TimeProvider.System)
            {
                OnMessage = (_, message) =>
                {
                    if (message is Messages.EvaluatorProtocol.ProbeRequest { Sequence: 2 })
                        throw new InvalidOperationException("broken");
                },
            },
        });
        var ended = Assert.IsType<StudyFailedException>(failure);
        Assert.Equal("broken", ended.InnerException?.Message);
        Assert.Contains("to the checkpoint at step 0 3 times", ended.Message);
        Assert.Equal(3, recorder.Events.Count(e => e.Kind == EventKinds.Rewound));
    }

    [Fact]
    public async Task Failures_that_are_far_apart_do_not_add_up()
    {
        var plan = await CheckpointedStudies.PlanAsync("delta-forward") with { MaxRewinds = 1, RebaseEvery = 7 };
        var undisturbed = new RecordedStudy();
        var expected = StudyBits.Of(undisturbed, await StudyFixture.RunAsync(plan, undisturbed));
        var blocks = new HashSet<long>();
        var recorded = new RecordedStudy();
        using var reader = new MeterReader();
        using var meter = new ElasticityMeter([], [], TimeProvider.System);
        var outcome = await StudyFixture.RecoverAsync(plan, recorded, metrics: meter.Begin("main"), change: e => e with
        {
            Activity = new StudyActivity(TimeProvider.System)
            {
                OnMessage = (_, message) =>
                {
                    if (message is Messages.TrainerProtocol.TrainBlock { Block.FirstStep: 14 or 35 or 56 } train && blocks.Add(train.Block.FirstStep))
                        throw new InvalidOperationException("broken");
                },
            },
        });
        Assert.Equal(expected, StudyBits.Of(recorded, outcome));
        Assert.Equal(3, recorded.Events.Count(e => e.Kind == EventKinds.Rewound));
        Assert.Equal(3, reader.Sums["elasticity.study.rewinds{model=main}"]);
    }

    [Fact]
    public async Task Study_interrupted_while_it_goes_back_ends_well_and_can_be_gone_on_with()
    {
        var plan = await CheckpointedStudies.PlanAsync("rank-one, closed") with { MaxRewinds = 1 };
        var undisturbed = new RecordedStudy();
        var expected = StudyBits.Of(undisturbed, await StudyFixture.RunAsync(plan, undisturbed));
        var (store, recorder) = (new KeptCheckpoints(), new RecordedStudy());
        var failing = FailingOnce("evaluator-0", "ProbeRequest", 5);
        var outcome = await StudyFixture.RecoverAsync(plan, recorder, e => e with
        {
            Checkpoints = store.Every(1_000_000),
            Activity = new StudyActivity(TimeProvider.System)
            {
                OnMessage = (actor, message) =>
                {
                    if (message is Messages.CheckpointProtocol.Rewind)
                        recorder.Interruption.Cancel();
                    failing.OnMessage!(actor, message);
                },
            },
        });
        Assert.True(outcome.Interrupted);
        var last = store.Saved.Last();
        var resumed = recorder.UpTo(CheckpointState.FromBytes(last.State).Recorded);
        Assert.Equal(expected, StudyBits.Of(resumed, await StudyFixture.RunAsync(plan, resumed, change: e => e with { From = last })));
    }

    private static StudyActivity FailingOnce(string actor, string message, int index)
    {
        var seen = -1;
        return new StudyActivity(TimeProvider.System)
        {
            OnMessage = (a, m) =>
            {
                if (a == actor && m.GetType().Name == message && Interlocked.Increment(ref seen) == index)
                    throw new InvalidOperationException($"{actor} failed at {message}");
            },
        };
    }

    private static string FirstDifference(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        var at = expected.Zip(actual).TakeWhile(p => p.First == p.Second).Count();
        return $"line {at} of {expected.Count} is {(at < actual.Count ? actual[at] : "missing")} instead of {(at < expected.Count ? expected[at] : "none")}";
    }
}
