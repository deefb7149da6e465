using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Tests.Studies;

namespace ElasticityStream.Actors.Tests.Checkpoints;

/// <summary>A study that goes on from a checkpoint gives the bits of one that never stopped.</summary>
public sealed class StudyResumeTests
{
    public static TheoryData<string> Studies => CheckpointedStudies.Names;

    [Theory]
    [MemberData(nameof(Studies))]
    public async Task Study_that_goes_on_from_any_checkpoint_gives_the_bits_of_one_that_never_stopped(string study)
    {
        var plan = await CheckpointedStudies.PlanAsync(study);
        var undisturbed = new RecordedStudy();
        var expected = StudyBits.Of(undisturbed, await StudyFixture.RunAsync(plan, undisturbed));

        var (store, saving) = (new KeptCheckpoints(), new RecordedStudy());
        Assert.Equal(expected, StudyBits.Of(saving, await StudyFixture.RunAsync(plan, saving, change: e => e with { Checkpoints = store.Every(1) })));
        Assert.Contains(store.Saved, c => CheckpointState.FromBytes(c.State).Phase == StudyPhase.Pretraining);
        Assert.Equal(plan.TotalSteps, store.Saved.Max(c => c.Step));
        foreach (var checkpoint in store.Saved)
        {
            var resumed = saving.UpTo(CheckpointState.FromBytes(checkpoint.State).Recorded);
            Assert.Equal(expected, StudyBits.Of(resumed, await StudyFixture.RunAsync(plan, resumed, change: e => e with { From = checkpoint })));
        }
    }
}
