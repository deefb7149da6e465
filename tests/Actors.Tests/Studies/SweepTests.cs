using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.TangentKernels;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>Sweeps while a study trains.</summary>
public sealed class SweepTests
{
    [Theory]
    [InlineData(ProbeEngineKind.RankOne)]
    [InlineData(ProbeEngineKind.DeltaForward)]
    [InlineData(ProbeEngineKind.FullForward)]
    public async Task Sweeps_change_no_bit_of_anything_else(ProbeEngineKind engine)
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(16, 24), engine);
        var (without, plain, with) = (new RecordedStudy(), new RecordedStudy(), new RecordedStudy());
        var expected = await StudyFixture.RunAsync(plan, without);
        var withoutKernel = await StudyFixture.RunAsync(plan with { SweepEvery = 7, SweepKernel = false }, plain);
        var actual = await StudyFixture.RunAsync(plan with { SweepEvery = 7 }, with);

        // Due at 7, 14, 21, …: at the end of every block of 8.
        Assert.Equal([8, 16, 24, 32, 40, 48, 56], with.Sweeps.Select(s => s.Step));
        Assert.Empty(without.Sweeps);
        foreach (var (outcome, recorder) in new[] { (withoutKernel, plain), (actual, with) })
        {
            StudyAgainstPlainLoopTests.AssertEqual(expected.FinalWeights, outcome.FinalWeights);
            foreach (var measure in Enum.GetValues<SimilarityMeasure>())
                Assert.Equal(StudyInvarianceTests.Values(expected, measure), StudyInvarianceTests.Values(outcome, measure));
            Assert.Equal(without.Steps, recorder.Steps);
            Assert.Equal(without.ClassPairs, recorder.ClassPairs);
            Assert.Equal(without.Indices, recorder.Indices.Where(i => i.Protocol == "online"));
            Assert.All(recorder.Sweeps, s => Assert.Equal(plan.Probes.Count, s.Matrices[0].Probes.Length));
        }

        Assert.All(plain.Sweeps, s => Assert.Null(s.Kernel));
        Assert.Null(withoutKernel.Measurements.Kernel);
        foreach (var (one, other) in plain.Sweeps.Zip(with.Sweeps))
            Assert.Equal(one.Matrices.Select(m => m.Values), other.Matrices.Select(m => m.Values));
        Assert.Equal(with.Sweeps.Select(s => s.Step), with.Sweeps.Select(s => s.Kernel!.Distance.Step));
        Assert.Equal(with.Sweeps[^1].Kernel, actual.Measurements.Kernel);
    }

    [Theory]
    [InlineData(Loss.Mse, 1)]
    [InlineData(Loss.CrossEntropy, 3)]
    public async Task Kernel_beside_a_sweep_is_that_of_the_same_weights_and_near_at_a_small_rate(Loss loss, int outputs)
    {
        var network = new NetworkSpec(NetworkKind.Mlp, 6, [12, 8], outputs, Activation.Tanh, Bias: true);
        var plan = await StudyFixture.PlanAsync(new PointSource(21, 20), network: network, loss: loss) with { LearningRate = 1e-6, SweepEvery = 1 };
        plan = plan with { Stream = plan.Stream with { BlockSize = 200, Passes = 1 } };
        var recorder = new RecordedStudy();
        var outcome = await StudyFixture.RunAsync(plan, recorder);

        // One block is the whole study: its sweep is at the final weights.
        var sweep = Assert.Single(recorder.Sweeps);
        using var stepper = plan.Engine.CreateStepper(outcome.FinalWeights);
        var expected = NeuralTangentKernel.Of(stepper.Model, plan.Loss, plan.Probes.Features(), plan.Probes.Labels());
        Assert.Equal(expected, sweep.Kernel!.Values);
        var similarity = sweep.Matrices.Single(m => m.Measure == SimilarityMeasure.Kernelized);
        Assert.Equal(StudyInvarianceTests.Distance(similarity.Values, expected), sweep.Kernel.Distance.Frobenius!.Value, 1e-12);
        Assert.InRange(sweep.Kernel.Distance.Frobenius.Value, 0, 1e-5);
        Assert.InRange(sweep.Kernel.Distance.LargestRow!.Value, sweep.Kernel.Distance.Frobenius.Value, 1e-4);
        Assert.Equal(plan.Probes.Count, sweep.Kernel.Distance.Rows);
    }

    [Fact]
    public async Task Sweep_of_given_weights_starts_from_them()
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(16, 24));
        var trained = await StudyFixture.RunAsync(plan with { SweepEvery = 100 }, new RecordedStudy());
        var recorder = new RecordedStudy();
        var swept = await StudyFixture.RunAsync(
            plan with { Protocol = Protocol.Sweep, TotalSteps = 0, RowsFromSweeps = true, InitialWeights = trained.FinalWeights }, recorder);

        StudyAgainstPlainLoopTests.AssertEqual(trained.FinalWeights, swept.InitialWeights);
        StudyAgainstPlainLoopTests.AssertEqual(trained.FinalWeights, swept.FinalWeights);
        Assert.Equal(0, swept.Measurements.Steps);
        Assert.Equal(Assert.Single(recorder.Sweeps).Kernel, swept.Measurements.Kernel);
    }

    [Fact]
    public async Task Interruption_is_heard_while_the_kernel_is_computed_and_leaves_it_out()
    {
        const int Probes = 3000;
        var recorder = new RecordedStudy();
        var forwards = 0;
        var plan = await StudyFixture.PlanAsync(new PointSource(Probes / 2, 0));
        var network = new NetworkSpec(NetworkKind.Linear, 6, [], 1, Activation.Identity, Bias: true);
        plan = plan with
        {
            // A module of unknown structure: one backward pass a probe, of which the fifth interrupts the study.
            Engine = new FullForwardEngine(() => new ObservedModule(new FullyConnectedNetwork(network, torch.CPU, 1), OnForward), 1, plan.Loss, torch.CPU),
            Protocol = Protocol.Sweep,
            TotalSteps = 0,
            RowsFromSweeps = true,
            ClusteringMethods = [],
        };

        var outcome = await StudyFixture.RunAsync(plan, recorder);

        Assert.True(outcome.Interrupted);
        Assert.Null(Assert.Single(recorder.Sweeps).Kernel);
        Assert.Null(outcome.Measurements.Kernel);
        Assert.Single(outcome.Measurements.Measures[0].Similarity.Probes);

        // Forward passes of gradients alone: those of evaluators are of more probes, and none of the trainer's comes before.
        void OnForward(long probes)
        {
            if (probes == 1 && Interlocked.Increment(ref forwards) == 5)
                recorder.Interruption.Cancel();
        }
    }

    [Fact]
    public async Task Held_out_probes_have_class_pair_statistics_from_steps_and_S_from_the_latest_sweep()
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 20), probes: 10);
        plan = plan with
        {
            Stream = plan.Stream with { ExcludedIds = plan.Probes.Samples.Select(s => s.Id).ToHashSet() },
            TotalSteps = 50,
            SweepEvery = 25,
            RowsFromSweeps = true,
        };
        var recorder = new RecordedStudy();
        var outcome = await StudyFixture.RunAsync(plan, recorder);
        Assert.Equal(50, outcome.Measurements.Steps);
        Assert.Equal([32, 50], recorder.Sweeps.Select(s => s.Step));
        foreach (var measure in outcome.Measurements.Measures)
            Assert.Equal(recorder.Sweeps[^1].Matrices.Single(m => m.Measure == measure.Measure).Values, measure.Similarity.Values);

        // 50 steps, none of them at a probe, to each of 10 probes, for either measure.
        Assert.Equal(2 * 50 * 10, recorder.ClassPairs.Sum(p => p.Count));
        Assert.All(recorder.Indices, i => Assert.Equal("sweep", i.Protocol));
        Assert.Contains(recorder.ClassPairs, p => p is { From: "c", To: "a" });
    }

    [Fact]
    public async Task Rebase_changes_results_by_no_more_than_rounding()
    {
        var network = new NetworkSpec(NetworkKind.Mlp, 6, [16, 8], 1, Activation.Relu, Bias: true);
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 20), network: network);
        var rare = await StudyFixture.RunAsync(plan);
        var often = await StudyFixture.RunAsync(plan with { RebaseEvery = 5 });
        StudyAgainstPlainLoopTests.AssertEqual(rare.FinalWeights, often.FinalWeights);
        foreach (var measure in Enum.GetValues<SimilarityMeasure>())
        {
            Assert.InRange(
                StudyInvarianceTests.Distance(StudyInvarianceTests.Values(often, measure), StudyInvarianceTests.Values(rare, measure)), 0, 2e-6);
        }
    }
}
