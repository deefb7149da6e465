using CsCheck;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>Steppers and shards that go on from what others captured, against those that just went on.</summary>
public sealed class CarriedStateTests
{
    private static readonly Gen<(CarriedAct Act, int Steps)[]> Scripts = Gen.Select(
        Gen.Frequency(
            (6, Gen.Const(CarriedAct.Step)), (1, Gen.Const(CarriedAct.Fail)), (1, Gen.Const(CarriedAct.Sweep)), (1, Gen.Const(CarriedAct.MiniBatch)),
            (1, Gen.Const(CarriedAct.Rebase)), (1, Gen.Const(CarriedAct.Show)), (1, Gen.Const(CarriedAct.Diagonal)), (2, Gen.Const(CarriedAct.Close))),
        Gen.Int[1, 18]).Array[1, 8];

    // Everything that there is to be compared, after whatever the script ended with.
    private static readonly (CarriedAct Act, int Steps)[] End =
    [
        (CarriedAct.Step, 5), (CarriedAct.Step, 3), (CarriedAct.Sweep, 2), (CarriedAct.Diagonal, 1), (CarriedAct.Show, 1), (CarriedAct.Step, 2),
        (CarriedAct.Rebase, 1), (CarriedAct.Step, 2), (CarriedAct.Show, 1),
    ];

    public CarriedStateTests() => TorchThreads.UseOne();

    public static TheoryData<string> Names => CarriedCase.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Restored_run_goes_on_bit_by_bit(string name)
    {
        var setting = CarriedCase.Named(name);
        Gen.Select(Scripts, Gen.Int[0, 8]).Sample((script, cut) => Check(setting, script, Math.Min(cut, script.Length)), iter: 4, threads: 1);
    }

    [Fact]
    public void Run_is_restored_after_any_single_act()
    {
        foreach (var setting in CarriedCase.Representatives)
        {
            foreach (var act in Enum.GetValues<CarriedAct>())
            {
                Check(setting, [(act, 3)], 1);
                // Of other numbers of steps, so that what was left by the block before the last one has another length.
                Check(setting, [(CarriedAct.Close, 1), (CarriedAct.Step, 2), (CarriedAct.Step, 9), (act, 4)], 4);
            }
        }
    }

    [Fact]
    public void Capture_and_restore_leave_no_tensor_behind() => LiveTensors.AssertSteady(times =>
    {
        var during = 0L;
        foreach (var setting in CarriedCase.Representatives)
        {
            using var run = CarriedRun.Begin(setting);
            run.Do(CarriedAct.Close, 0, 0);
            using var other = run.Fresh();
            for (var i = 0; i < times; i++)
            {
                run.Do(CarriedAct.Step, 1 + (i % 3), 0);
                other.Restore(run.Stepper.Capture(), run.Shard.Capture());
                Assert.Throws<ArgumentException>(() => other.Shard.Restore(new CarriedState([])));
                Assert.Throws<ArgumentException>(() => other.Stepper.Restore(new CarriedState(run.Stepper.Capture().Arrays.SkipLast(1).ToArray())));
            }

            during = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        return during;
    });

    [Fact]
    public void State_that_does_not_fit_is_refused_by_the_name_of_the_array()
    {
        foreach (var setting in CarriedCase.Representatives)
        {
            using var run = CarriedRun.Begin(setting);
            run.Do(CarriedAct.Close, 0, 0);
            run.Do(CarriedAct.Step, 3, 0);
            using var fresh = run.Fresh();
            var (stepper, shard) = (run.Stepper.Capture(), run.Shard.Capture());
            AssertRefusesWrong(stepper, fresh.Stepper.Restore);
            AssertRefusesWrong(shard, fresh.Shard.Restore);

            // What it has got of the state is not used, and not in the way.
            Assert.Throws<InvalidOperationException>(() => fresh.Shard.Capture());
            var updates = run.Stepper.Step(setting.FeaturesOf([0]), [1], apply: false).Updates;
            Assert.Throws<InvalidOperationException>(() => fresh.Shard.Perturb(updates));
            fresh.Restore(stepper, shard);
            Assert.Equal(run.Shard.Perturb(updates).Change, fresh.Shard.Perturb(updates).Change);
        }
    }

    [Fact]
    public void State_of_another_owner_is_refused()
    {
        var runs = CarriedCase.Representatives.Select(CarriedRun.Begin).ToArray();
        var states = runs.Select(r => (Stepper: r.Stepper.Capture(), Shard: r.Shard.Capture())).ToArray();
        for (var from = 0; from < runs.Length; from++)
        {
            for (var to = 0; to < runs.Length; to++)
            {
                if (runs[from].Stepper.GetType() != runs[to].Stepper.GetType())
                    AssertRefuses(states[from].Stepper, runs[to].Stepper.Restore, states[to].Stepper.Arrays[0].Name);
                if (runs[from].Shard.GetType() != runs[to].Shard.GetType())
                    AssertRefuses(states[from].Shard, runs[to].Shard.Restore, states[to].Shard.Arrays[0].Name);
            }
        }

        Array.ForEach(runs, r => r.Dispose());
    }

    [Fact]
    public void State_of_other_sizes_is_refused()
    {
        foreach (var setting in CarriedCase.Representatives)
        {
            using var run = CarriedRun.Begin(setting);
            var shard = run.Shard.Capture();
            // As many tiles of probes, so that most arrays are of the same lengths.
            using var fewer = setting.Shard(CarriedCase.Probes - 1);
            AssertRefuses(shard, fewer.Restore, shard.Arrays[0].Name);
            var spec = setting.Network;
            using var other = new CarriedCase(setting.Halves, spec with { Outputs = spec.Outputs + 1 }, setting.Loss, setting.Prediction).Stepper();
            AssertRefuses(run.Stepper.Capture(), other.Restore, run.Stepper.Capture().Arrays[0].Name);
        }
    }

    [Fact]
    public void State_is_for_one_that_is_closed_just_if_it_was_captured_from_one()
    {
        var setting = CarriedCase.Representatives.First(c => c.Closes);
        using var open = CarriedRun.Begin(setting);
        using var closed = CarriedRun.Begin(setting);
        closed.Do(CarriedAct.Close, 0, 0);
        var (openShard, closedShard) = (open.Shard.Capture(), closed.Shard.Capture());
        AssertRefuses(open.Stepper.Capture(), closed.Stepper.Restore, "coefficients");
        AssertRefuses(closed.Stepper.Capture(), open.Stepper.Restore, "coefficients");
        AssertRefuses(openShard, closed.Shard.Restore, "rank-one-shard");
        AssertRefuses(closedShard, open.Shard.Restore, "rank-one-shard");
    }

    [Fact]
    public void Shard_without_weights_has_no_state()
    {
        foreach (var setting in CarriedCase.Representatives)
        {
            using var shard = setting.Shard();
            Assert.Throws<InvalidOperationException>(shard.Capture);
        }
    }

    [Fact]
    public void Arrays_have_the_precision_that_they_are_carried_in_and_names_of_their_own()
    {
        foreach (var setting in CarriedCase.Representatives)
        {
            using var run = CarriedRun.Begin(setting);
            run.Do(CarriedAct.Close, 0, 0);
            run.Do(CarriedAct.Step, 3, 0);
            foreach (var state in new[] { run.Stepper.Capture(), run.Shard.Capture() })
            {
                Assert.Equal(state.Arrays.Count, state.Arrays.Select(a => a.Name).Distinct().Count());
                Assert.All(state.Arrays, a => Assert.Matches("^[a-z0-9-]+$", a.Name));
            }

            var isSingle = setting.Closes || setting.Network.Hidden is [> RankOneEngine.DoublePrecisionUnits];
            foreach (var array in run.Stepper.Capture().Arrays.Where(a => a.Name is "first-weights" or "first-biases" or "last-samples" or "last-deltas" or "coefficients"))
                Assert.IsType(isSingle ? typeof(float[]) : typeof(double[]), array.Values);
            foreach (var array in run.Shard.Capture().Arrays.Where(a => a.Name.EndsWith("pre-activations", StringComparison.Ordinal)))
                Assert.IsType<float[]>(array.Values);
        }
    }

    private static void Check(CarriedCase setting, (CarriedAct Act, int Steps)[] script, int cut)
    {
        using var plain = CarriedRun.Begin(setting);
        using var captured = CarriedRun.Begin(setting);
        (CarriedAct Act, int Steps)[] acts = [.. script, .. End];
        Do(plain, acts, 0, acts.Length);
        Do(captured, acts, 0, cut);
        using var restored = captured.Fork();
        Do(captured, acts, cut, acts.Length);
        Do(restored, acts, cut, acts.Length);
        plain.AssertAlike(captured, "captured");
        plain.AssertAlike(restored, "restored");
    }

    private static void Do(CarriedRun run, (CarriedAct Act, int Steps)[] acts, int from, int to)
    {
        for (var i = from; i < to; i++)
            run.Do(acts[i].Act, acts[i].Steps, i + 1 < acts.Length && acts[i + 1].Act == CarriedAct.Step ? acts[i + 1].Steps : 0);
    }

    private static void AssertRefusesWrong(CarriedState state, Action<CarriedState> restore)
    {
        for (var i = 0; i < state.Arrays.Count; i++)
        {
            var (name, values) = state.Arrays[i];
            AssertRefuses(With(i), restore, name);
            Array ofAnotherType = values.GetType() == typeof(float[]) ? new double[values.Length] : new float[values.Length];
            AssertRefuses(With(i, new CarriedArray(name, ofAnotherType)), restore, name);
            var longer = Array.CreateInstance(values.GetType().GetElementType()!, values.Length + 1);
            values.CopyTo(longer, 0);
            AssertRefuses(With(i, new CarriedArray(name, longer)), restore, name);
            AssertRefuses(With(i, state.Arrays[i], state.Arrays[i]), restore, name);
            AssertRefuses(With(i, state.Arrays[i], new CarriedArray("another", new long[1])), restore, "another");
        }

        CarriedState With(int index, params CarriedArray[] arrays) => new([.. state.Arrays.Take(index), .. arrays, .. state.Arrays.Skip(index + 1)]);
    }

    private static void AssertRefuses(CarriedState state, Action<CarriedState> restore, string name)
    {
        var refusal = Assert.Throws<ArgumentException>(nameof(state), () => restore(state));
        Assert.Contains($"'{name}'", refusal.Message, StringComparison.Ordinal);
    }
}
