using System.Runtime.CompilerServices;
using Akka.Actor;
using ElasticityStream.Compute.Probing;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>That the fixture sees what it is there to see; every clean run of a study relies on it.</summary>
public sealed class CleanRunTests
{
    private sealed record Unbound(int Value);

    [Fact]
    public async Task Message_without_a_serializer_is_heard()
    {
        var (_, complaints) = await StudyFixture.InSystemAsync(async system =>
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var actor = system.ActorOf(Props.Create(() => new Sink(started)));
            // Akka describes the receiver in its complaint, and fails itself where there is none yet.
            await started.Task.WaitAsync(TestContext.Current.CancellationToken);
            actor.Tell(new Unbound(1));
            return true;
        });
        Assert.Contains(complaints.Heard, c => c.ToString()!.Contains(nameof(Unbound), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dead_letter_is_heard()
    {
        var (_, complaints) = await StudyFixture.InSystemAsync(system =>
        {
            system.DeadLetters.Tell(new Messages.TrainerProtocol.Begin());
            return Task.FromResult(true);
        });
        Assert.Single(complaints.Heard);
    }

    [Fact]
    public void Failed_task_that_nobody_looks_at_is_heard()
    {
        using var unobserved = new UnobservedTasks();
        Drop();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Contains(unobserved.Exceptions, e => e.InnerException is NotSupportedException);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Drop() => _ = Task.FromException(new NotSupportedException());
    }

    [Theory]
    [InlineData(ProbeEngineKind.RankOne)]
    [InlineData(ProbeEngineKind.DeltaForward)]
    [InlineData(ProbeEngineKind.FullForward)]
    public async Task Study_with_everything_in_it_ends_without_complaint(ProbeEngineKind engine)
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(16, 24), engine) with
        {
            Pretraining = new() { BlockSize = 8 },
            LearningRate = null,
            SweepEvery = 16,
            ClusterEvery = 8,
            RebaseEvery = 20,
            Evaluators = 3,
        };
        var recorder = new RecordedStudy();
        var outcome = await StudyFixture.RunAsync(plan, recorder);
        Assert.Equal(56, outcome.Measurements.Steps);
        Assert.Equal(Enumerable.Range(0, 56).Select(s => (long)s), recorder.Steps.Select(s => s.Step));
        Assert.NotEmpty(recorder.Clusterings);
    }

    [Fact]
    public async Task Weights_sent_after_the_last_block_are_loaded_before_the_study_ends()
    {
        var loads = 0;
        var plan = await StudyFixture.PlanAsync(new PointSource(16, 24)) with { RebaseEvery = 56, Evaluators = 3 };
        plan = plan with { Engine = new ObservedEngine(plan.Engine) { OnLoad = () => Interlocked.Increment(ref loads) } };
        await StudyFixture.RunAsync(plan);
        Assert.Equal(2 * 3, loads);
    }

    private sealed class Sink : ReceiveActor
    {
        private readonly TaskCompletionSource _started;

        public Sink(TaskCompletionSource started)
        {
            _started = started;
            ReceiveAny(_ => { });
        }

        protected override void PreStart() => _started.SetResult();
    }
}
