using System.IO.Hashing;
using System.Text;

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>
/// Studies that are killed at moments drawn from a seed, gone on with, and killed again, end with the bits of the same study that nobody disturbed.
/// More kills, and other moments: docs/durability.md.
/// </summary>
public sealed class KilledStudyTests(UndisturbedRuns undisturbed, ITestOutputHelper output)
{
    // Of moments that came too late: the run had ended.
    private const int MostMissed = 10;

    public static TheoryData<string, int, int> Rounds
    {
        get
        {
            var rounds = new TheoryData<string, int, int>();
            foreach (var study in DurableStudy.All)
            {
                foreach (var (round, kills) in Kills.Rounds().Index())
                    rounds.Add(study.Name, round, kills);
            }

            return rounds;
        }
    }

    [Theory]
    [MemberData(nameof(Rounds))]
    public async Task A_study_that_is_killed_and_gone_on_with_has_the_bits_of_one_that_was_left_alone(string name, int round, int times)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: signals are sent as on Unix.");
        var study = DurableStudy.Of(name);
        var expected = await undisturbed.OfAsync(study);
        var kills = new Kills(SeedOf(name, round), expected);
        var signals = new Queue<bool>(kills.Terminations(times, andTerminate: round % 2 == 1));

        for (var missed = 0; signals.Count > 0; missed++)
        {
            Assert.True(missed < MostMissed, "The run ended before it could be ended.");
            using var run = new DisturbedRun(study, "checkpoint.everyMinutes=0.001");
            while (signals.Count > 0 && await EndedAsync(run, kills.Next(run.Run), signals.Peek()))
                signals.Dequeue();
            if (run.Run!.Description().GetProperty("outcome").GetString() != "completed")
                await run.FinishAsync();
            SameBits.Check(expected, run.Run);
        }
    }

    private async Task<bool> EndedAsync(DisturbedRun run, Moment moment, bool terminate)
    {
        var host = run.Resume();
        var came = await run.CameAsync(host, moment);
        output.WriteLine($"{(terminate ? "SIGTERM" : "SIGKILL")} {moment.Name}{(came ? "" : ": too late")}");
        if (!terminate)
        {
            var exit = await DisturbedRun.KilledAsync(host);
            Assert.True(exit is 137 or 0, $"{await host.EndAsync()}");
            return exit == 137;
        }

        if (came)
            host.TryTerminate();
        (await host.EndAsync()).Returned(0);
        return run.Run!.Description().GetProperty("outcome").GetString() == "interrupted";
    }

    private static int SeedOf(string study, int round) => (int)XxHash32.HashToUInt32(Encoding.UTF8.GetBytes($"{Kills.Seed} {study} {round}"));
}
