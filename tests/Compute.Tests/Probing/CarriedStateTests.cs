using CsCheck;
using ElasticityStream.Compute.Training;

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
        Gen.Select(Scripts, Gen.Int[0, 8]).Sample((script, cut) => Check(setting, script, Math.Min(cut, script.Length)), iter: 6, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_is_restored_after_any_single_act(string name)
    {
        var setting = CarriedCase.Named(name);
        foreach (var act in Enum.GetValues<CarriedAct>())
        {
            Check(setting, [(act, 3)], 1);
            // Of other numbers of steps, so that what was left by the block before the last one has another length.
            Check(setting, [(CarriedAct.Close, 1), (CarriedAct.Step, 2), (CarriedAct.Step, 9), (act, 4)], 4);
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
}
