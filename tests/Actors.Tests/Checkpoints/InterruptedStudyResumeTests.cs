using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Tests.Studies;

namespace ElasticityStream.Actors.Tests.Checkpoints;

/// <summary>A study that is interrupted, wherever it is, saves a checkpoint from which it gives the bits of one that never stopped.</summary>
public sealed class InterruptedStudyResumeTests
{
    public static TheoryData<string, StudyPhase, int> Interruptions
    {
        get
        {
            var data = new TheoryData<string, StudyPhase, int>();
            foreach (var study in new[] { "rank-one, closed", "delta-forward", "full-forward" })
            {
                data.Add(study, StudyPhase.Preparing, 0);
                data.Add(study, StudyPhase.Pretraining, 1);
                data.Add(study, StudyPhase.Pretraining, 6);
                data.Add(study, StudyPhase.Training, 7);
                data.Add(study, StudyPhase.Training, 28);
                data.Add(study, StudyPhase.Training, 21);
                data.Add(study, StudyPhase.Clustering, 0);
            }

            data.Add("sweep", StudyPhase.Pretraining, 3);
            data.Add("sweep", StudyPhase.Sweeping, 7);
            data.Add("sweep", StudyPhase.Clustering, 0);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Interruptions))]
    public async Task Interrupted_study_can_be_gone_on_with(string study, StudyPhase phase, int step)
    {
        var plan = await CheckpointedStudies.PlanAsync(study);
        var undisturbed = new RecordedStudy();
        var expected = StudyBits.Of(undisturbed, await StudyFixture.RunAsync(plan, undisturbed));
        var (store, recorder) = (new KeptCheckpoints(), new RecordedStudy());
        recorder.OnReport = report =>
        {
            if (report.Phase == phase && report.Step >= step)
                recorder.Interruption.Cancel();
        };
        var outcome = await StudyFixture.RunAsync(plan, recorder, change: e => e with { Checkpoints = store.Every(1_000_000) });
        Assert.True(outcome.Interrupted);

        var last = store.Saved.Last();
        var resumed = recorder.UpTo(CheckpointState.FromBytes(last.State).Recorded);
        var actual = StudyBits.Of(resumed, await StudyFixture.RunAsync(plan, resumed, change: e => e with { From = last }));
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task Checkpoint_that_cannot_be_saved_ends_the_study()
    {
        var failure = new IOException("No space left on device");
        var store = new KeptCheckpoints { OnSave = _ => throw failure };
        var plan = await CheckpointedStudies.PlanAsync("delta-forward") with { MaxRewinds = 3 };
        Assert.Same(failure, await StudyFixture.FailAsync(plan, change: e => e with { Checkpoints = store.Every(20) }));
    }
}
