using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Training;
using ElasticityStream.Streams;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>A study that is asked to end early ends well, with what was measured so far.</summary>
public sealed class StudyInterruptionTests
{
    [Fact]
    public async Task Study_interrupted_before_it_starts_takes_no_step()
    {
        var recorder = new RecordedStudy();
        await recorder.Interruption.CancelAsync();
        var plan = await PlanAsync() with { Pretraining = new TrainingStreamOptions() };
        var outcome = await StudyFixture.RunAsync(plan, recorder);
        Assert.True(outcome.Interrupted);
        Assert.Equal(0, outcome.Measurements.Steps);
        Assert.Empty(recorder.Steps);
        Assert.All(outcome.Measurements.Measures, m => Assert.Empty(m.Similarity.Probes));
        Assert.Empty(outcome.Measurements.Clusterings);
        StudyAgainstPlainLoopTests.AssertEqual(outcome.InitialWeights, outcome.FinalWeights);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Study_interrupted_before_its_source_has_a_sample_takes_no_step(bool pretrains)
    {
        var recorder = new RecordedStudy();
        var plan = await PlanAsync();
        plan = plan with
        {
            Source = new QuietSource(plan.Source, () => recorder.Interruption.CancelAsync()),
            Stream = plan.Stream with { Shuffle = false },
            Pretraining = pretrains ? plan.Stream with { Shuffle = false } : null,
        };
        var outcome = await StudyFixture.RunAsync(plan, recorder);
        Assert.True(outcome.Interrupted);
        Assert.Equal(0, outcome.Measurements.Steps);
        StudyAgainstPlainLoopTests.AssertEqual(outcome.InitialWeights, outcome.FinalWeights);
    }

    [Fact]
    public async Task Study_interrupted_in_pretraining_keeps_the_mini_batches_done()
    {
        var plan = await PlanAsync() with { Pretraining = new TrainingStreamOptions { BlockSize = 4, Passes = 50 } };
        var recorder = new RecordedStudy();
        recorder.OnReport = r => Cancel(recorder, r is { Phase: StudyPhase.Pretraining, Step: 3 });
        var outcome = await StudyFixture.RunAsync(plan, recorder);
        var batches = recorder.Reports.Count(r => r.Phase == StudyPhase.Pretraining);
        Assert.True(outcome.Interrupted);
        Assert.InRange(batches, 3, 699);
        Assert.Equal(0, outcome.Measurements.Steps);
        using var loop = new PlainLoop(plan);
        await StudyAgainstPlainLoopTests.PretrainAsync(loop, plan, batches);
        StudyAgainstPlainLoopTests.AssertEqual(loop.Weights, outcome.FinalWeights);
    }

    [Fact]
    public async Task Study_interrupted_in_training_keeps_the_steps_done()
    {
        var plan = await PlanAsync();
        plan = plan with { Evaluators = 1, Stream = plan.Stream with { Passes = 100 } };
        var recorder = new RecordedStudy();
        recorder.OnSteps = steps => Cancel(recorder, steps == 24);
        var outcome = await StudyFixture.RunAsync(plan, recorder);
        Assert.True(outcome.Interrupted);
        Assert.InRange(outcome.Measurements.Steps, 24, 5592);
        Assert.Equal(0, outcome.Measurements.Steps % 8);
        Assert.Equal(outcome.Measurements.Steps, recorder.Steps.Count);
        using var loop = new PlainLoop(plan);
        loop.Begin();
        foreach (var block in recorder.TrainedSamples(plan.Source).Chunk(8))
            loop.Step(block);
        StudyAgainstPlainLoopTests.AssertEqual(loop.Weights, outcome.FinalWeights);
        foreach (var measure in outcome.Measurements.Measures)
            Assert.Equal(loop.Similarity(measure.Measure), measure.Similarity.Values);
    }

    [Fact]
    public async Task Study_interrupted_in_a_sweep_keeps_the_rows_measured()
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(200, 0));
        plan = plan with { Protocol = Protocol.Sweep, TotalSteps = 0, RowsFromSweeps = true, Credits = 1 };
        var recorder = new RecordedStudy();
        recorder.OnReport = r => Cancel(recorder, r is { Phase: StudyPhase.Sweeping, Step: 16 });
        var outcome = await StudyFixture.RunAsync(plan, recorder);
        Assert.True(outcome.Interrupted);
        var rows = outcome.Measurements.Measures[0].Similarity.Probes.Length;
        Assert.InRange(rows, 16, 399);
        Assert.Equal(rows, Assert.Single(recorder.Sweeps).Matrices[0].Probes.Length);
        Assert.Contains(recorder.Events, e => e.Detail == $"{rows} of 400 virtual steps");
        StudyAgainstPlainLoopTests.AssertEqual(outcome.InitialWeights, outcome.FinalWeights);
    }

    private static Task<StudyPlan> PlanAsync() => StudyFixture.PlanAsync(new PointSource(16, 24));

    private static void Cancel(RecordedStudy recorder, bool now)
    {
        if (now)
            recorder.Interruption.Cancel();
    }
}
