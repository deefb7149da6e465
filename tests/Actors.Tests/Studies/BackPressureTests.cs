using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;

namespace ElasticityStream.Actors.Tests.Studies;

public sealed class BackPressureTests
{
    [Fact]
    public async Task Source_is_read_no_more_than_a_few_blocks_ahead_of_what_is_recorded()
    {
        const int Block = 8;
        var plan = await StudyFixture.PlanAsync(new PointSource(200, 1600), probes: 20);
        // Requests in flight, the block that the trainer holds and the one it sees coming, those that wait, and two on their way.
        var bound = Block * (plan.Credits + 2 + plan.Stream.BlocksAhead + 2);
        var (read, recorded, furthest) = (0, 0, 0);
        var source = new ObservedSource(plan.Source) { OnSample = _ => Interlocked.Increment(ref read) };
        var recorder = new ObservedRecorder(called =>
        {
            if (called != nameof(IStudyRecorder.RecordSteps))
                return;
            // Nothing is acknowledged meanwhile: gives a source that is not held back the time to run away.
            if (recorded < 10 * Block)
                SpinWait.SpinUntil(() => Volatile.Read(ref read) - recorded > bound, TimeSpan.FromMilliseconds(50));
            furthest = Math.Max(furthest, Volatile.Read(ref read) - recorded);
            recorded += Block;
        });
        plan = plan with { Source = source, Stream = plan.Stream with { Shuffle = false, BlockSize = Block } };
        await StudyFixture.InSystemAsync(system => system.RunStudyAsync(
            plan, new StudyEnvironment(recorder, new RecordedStudy(), StudyFixture.Unread), CancellationToken.None));
        Assert.Equal(2000, read);
        Assert.InRange(furthest, Block * (plan.Credits + 1), bound);
    }
}
