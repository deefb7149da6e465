using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using ElasticityStream.Streams;
using TorchSharp;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>
/// Whatever fails, the study ends with exactly that exception: the fixture requires that it ends, that its actors are stopped by
/// then and that no tensor is left.
/// </summary>
public sealed class StudyFailureTests
{
    private readonly IOException _failure = new("No space left on device");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Source_that_fails_at_a_sample_ends_the_study(bool shuffle)
    {
        var plan = await PlanAsync();
        plan = plan with
        {
            Source = new ObservedSource(plan.Source) { OnSample = ThrowAt(29) },
            Stream = plan.Stream with { Shuffle = shuffle },
        };
        Assert.Same(_failure, await StudyFixture.FailAsync(plan));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Source_that_cannot_be_opened_ends_the_study(bool shuffle)
    {
        var plan = await PlanAsync();
        plan = plan with { Source = new ObservedSource(plan.Source) { OnOpen = Throw }, Stream = plan.Stream with { Shuffle = shuffle } };
        Assert.Same(_failure, await StudyFixture.FailAsync(plan));
    }

    [Fact]
    public async Task Source_that_fails_in_pretraining_ends_the_study()
    {
        var plan = await PlanAsync();
        plan = plan with
        {
            Source = new ObservedSource(plan.Source) { OnSample = ThrowAt(29) },
            Pretraining = new TrainingStreamOptions { BlockSize = 4, Shuffle = false },
        };
        Assert.Same(_failure, await StudyFixture.FailAsync(plan));
    }

    [Fact]
    public async Task Evaluator_that_fails_while_the_kernel_of_a_sweep_is_computed_ends_the_study()
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(1500, 0), network: new NetworkSpec(NetworkKind.Mlp, 6, [300, 200], 1, Activation.Gelu, Bias: true));
        plan = plan with { Engine = new ObservedEngine(plan.Engine) { OnPerturb = ThrowAt(0) }, SweepEvery = 1 };
        Assert.Same(_failure, await StudyFixture.FailAsync(plan));
    }

    [Fact]
    public async Task Module_that_fails_while_the_kernel_of_a_sweep_is_computed_ends_the_study()
    {
        var plan = await PlanAsync();
        var network = new NetworkSpec(NetworkKind.Linear, 6, [], 1, Activation.Identity, Bias: true);
        var gradients = 0;
        plan = plan with
        {
            // Batches of one are those of the kernel, before there is any step: the shards' are of half the probes.
            Engine = new FullForwardEngine(
                () => new ObservedModule(new FullyConnectedNetwork(network, torch.CPU, 1), probes =>
                {
                    if (probes == 1)
                        ThrowAt(20)(gradients++);
                }),
                1, plan.Loss, torch.CPU),
            Protocol = Protocol.Sweep,
            TotalSteps = 0,
            RowsFromSweeps = true,
        };
        Assert.Same(_failure, await StudyFixture.FailAsync(plan));
        Assert.Equal(21, gradients);
    }

    public static TheoryData<string> EngineCalls =>
        [
            nameof(ObservedEngine.OnCreateStepper), nameof(ObservedEngine.OnStep), nameof(ObservedEngine.OnKernelDiagonal),
            nameof(ObservedEngine.OnTrainMiniBatch), nameof(ObservedEngine.OnCreateShard), nameof(ObservedEngine.OnLoad), nameof(ObservedEngine.OnPerturb),
        ];

    [Theory]
    [MemberData(nameof(EngineCalls))]
    public async Task Engine_that_fails_ends_the_study(string call)
    {
        var plan = await PlanAsync();
        var engine = call switch
        {
            nameof(ObservedEngine.OnCreateStepper) => new ObservedEngine(plan.Engine) { OnCreateStepper = Throw },
            nameof(ObservedEngine.OnStep) => new ObservedEngine(plan.Engine) { OnStep = ThrowAt(3) },
            nameof(ObservedEngine.OnKernelDiagonal) => new ObservedEngine(plan.Engine) { OnKernelDiagonal = Throw },
            nameof(ObservedEngine.OnTrainMiniBatch) => new ObservedEngine(plan.Engine) { OnTrainMiniBatch = Throw },
            nameof(ObservedEngine.OnCreateShard) => new ObservedEngine(plan.Engine) { OnCreateShard = Throw },
            nameof(ObservedEngine.OnLoad) => new ObservedEngine(plan.Engine) { OnLoad = Throw },
            _ => new ObservedEngine(plan.Engine) { OnPerturb = ThrowAt(2) },
        };
        plan = plan with { Engine = engine, Pretraining = new TrainingStreamOptions { BlockSize = 16 }, LearningRate = null };
        Assert.Same(_failure, await StudyFixture.FailAsync(plan));
    }

    [Theory]
    [InlineData("RecordSteps")]
    [InlineData("RecordClassPairs")]
    [InlineData("RecordIndex")]
    [InlineData("RecordClusterings")]
    [InlineData("RecordSweep")]
    [InlineData("RecordEvent learning-rate")]
    [InlineData("RecordEvent sweep")]
    public async Task Recorder_that_fails_ends_the_study(string method)
    {
        var plan = await PlanAsync() with { SweepEvery = 16, ClusterEvery = 16 };
        var recorder = new ObservedRecorder(called =>
        {
            if (called == method)
                Throw();
        });
        Assert.Same(_failure, await StudyFixture.FailAsync(plan, recorder));
    }

    [Theory]
    [InlineData(StudyPhase.Pretraining)]
    [InlineData(StudyPhase.Training)]
    [InlineData(StudyPhase.Clustering)]
    public async Task Progress_that_fails_ends_the_study(StudyPhase phase)
    {
        var plan = await PlanAsync() with { Pretraining = new TrainingStreamOptions { BlockSize = 16 } };
        var progress = new FailingProgress(phase, Throw);
        Assert.Same(_failure, await StudyFixture.FailAsync(plan, progress: progress));
    }

    [Fact]
    public async Task Actor_that_cannot_be_created_ends_the_study_with_its_own_exception()
    {
        var plan = await PlanAsync() with { EwmaWeight = 5 };
        Assert.IsType<ArgumentOutOfRangeException>(await StudyFixture.FailAsync(plan));
    }

    [Fact]
    public async Task Loss_that_is_not_finite_ends_the_study_with_the_step_and_the_sample()
    {
        var source = new PointSource(20, 20);
        var broken = source.Samples[13] with { Label = double.NaN };
        var plan = await StudyFixture.PlanAsync(new PointSource(source.Samples.Select(s => s.Id == broken.Id ? broken : s), source.Schema));
        var failure = Assert.IsType<StudyFailedException>(
            await StudyFixture.FailAsync(plan with { Stream = plan.Stream with { Shuffle = false } }));
        Assert.Contains("Step 13 at sample 'points/13' (position 13)", failure.Message);
        Assert.IsType<NonFiniteLossException>(failure.InnerException);
    }

    [Fact]
    public async Task Study_whose_system_is_stopped_fails()
    {
        var plan = await PlanAsync();
        var (failure, _) = await StudyFixture.InSystemAsync(
            async system =>
            {
                var recorder = new RecordedStudy
                {
                    OnSteps = steps =>
                    {
                        if (steps == 8)
                            _ = system.Terminate();
                    },
                };
                return await Record.ExceptionAsync(() => system.RunStudyAsync(
                    plan, new StudyEnvironment(recorder, recorder, StudyFixture.Unread), CancellationToken.None));
            });
        Assert.IsType<StudyFailedException>(failure);
    }

    [Fact]
    public async Task Recorder_is_left_alone_once_a_study_has_failed()
    {
        var plan = await PlanAsync();
        using var closed = new ManualResetEventSlim();
        var calls = 0;
        var recorder = new ObservedRecorder(called =>
        {
            // Holds the accumulator back until the source has failed and was closed, with requests waiting.
            if (called == nameof(IStudyRecorder.RecordSteps))
                closed.Wait(TestContext.Current.CancellationToken);
            Interlocked.Increment(ref calls);
        });
        var source = new ObservedSource(plan.Source) { OnSample = ThrowAt(29), OnDispose = closed.Set };
        var (callsAtEnd, _) = await StudyFixture.InSystemAsync(
            async system =>
            {
                await Assert.ThrowsAsync<IOException>(() => system.RunStudyAsync(
                    plan with { Source = source, Stream = plan.Stream with { Shuffle = false } },
                    new StudyEnvironment(recorder, new RecordedStudy(), StudyFixture.Unread), CancellationToken.None));
                return Volatile.Read(ref calls);
            });
        Assert.Equal(callsAtEnd, calls);
    }

    private static Task<StudyPlan> PlanAsync() => StudyFixture.PlanAsync(new PointSource(20, 24));

    private void Throw() => throw _failure;

    private Action<int> ThrowAt(int index) => i =>
    {
        if (i == index)
            Throw();
    };

    private sealed class FailingProgress(StudyPhase phase, Action fail) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value)
        {
            if (value.Phase == phase)
                fail();
        }
    }
}
