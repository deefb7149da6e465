using System.Globalization;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>When a run is ended: drawn from a seed, between where it stands and its end.</summary>
/// <param name="seed">Fixes all draws.</param>
/// <param name="undisturbed">The same study, run to its end.</param>
public sealed class Kills(int seed, RunFolder undisturbed)
{
    private static readonly int[] KillsOfRounds = [2, 3, 1];

    private readonly Random _random = new(seed);
    private readonly long _steps = undisturbed.Count("steps");
    private readonly long _contrastSteps = Directory.Exists(undisturbed.Contrast.Root) ? undisturbed.Contrast.Count("steps") : 0;
    private readonly int _batches = Batches(undisturbed);

    /// <summary>How many times each study is killed.</summary>
    public static int PerStudy { get; } = Setting("ELASTICITY_KILLS", 5);

    /// <summary>From what all draws follow.</summary>
    public static int Seed { get; } = Setting("ELASTICITY_KILL_SEED", 1);

    /// <summary>The rounds of a study: 1 to 3 kills of one run each, <see cref="PerStudy"/> in all.</summary>
    public static IEnumerable<int> Rounds()
    {
        for (var (round, left) = (0, PerStudy); left > 0; round++)
        {
            var kills = Math.Min(left, KillsOfRounds[round % KillsOfRounds.Length]);
            yield return kills;
            left -= kills;
        }
    }

    /// <summary>The order of the signals of a round: one of them a SIGTERM where <paramref name="andTerminate"/> says so, the others SIGKILL.</summary>
    public bool[] Terminations(int kills, bool andTerminate)
    {
        var signals = new bool[andTerminate ? kills + 1 : kills];
        if (andTerminate)
            signals[_random.Next(signals.Length)] = true;
        return signals;
    }

    /// <summary>Draws the next moment.</summary>
    /// <param name="run">The run as it is; null before it has begun.</param>
    public Moment Next(RunFolder? run)
    {
        var log = Moment.LogLength(run);
        var kind = _random.Next(10);
        // Before anything is taken back to where it goes on.
        if (kind == 0)
            return run is null ? Moment.Begun : Moment.Logged("Run ", log);
        var moment = Next(run, log, kind);
        return run is null ? moment : moment.Since(log);
    }

    private Moment Next(RunFolder? run, long log, int kind)
    {
        // In the part that is still to come, and not so late that the end comes first.
        var done = run is null ? 0 : Done(run) + (_contrastSteps > 0 ? Done(run.Contrast) : 0);
        var left = _steps + _contrastSteps - done;
        var place = _random.NextDouble();
        if (kind == 1 || (left == 0 && _steps > 0))
            return Moment.Writing;
        if (_batches > 0 && (_steps == 0 || (kind < 4 && (run is null || !HasSteps(run)))))
            return kind == 4 ? Moment.Logged("step 0: sweep, ", log) : Moment.SavedTimes(1 + (int)(4 * place), log);

        var step = done + (long)(0.95 * place * left);
        var inContrast = step >= _steps;
        if (inContrast)
            step -= _steps;
        return (kind % 3) switch
        {
            0 => Moment.Recorded(step, inContrast),
            1 => Moment.Saved(step, inContrast),
            _ => Moment.Saving(step, inContrast),
        };
    }

    private static bool HasSteps(RunFolder run) => Moment.LastStep(run) >= 0;

    private static long Done(RunFolder model) => Moment.Checkpoints(model).Where(c => !c.IsUnfinished).Select(c => c.Step).DefaultIfEmpty(0).Max();

    private static int Batches(RunFolder run)
    {
        var batches = 0;
        run.Query("SELECT COUNT(*) FROM events WHERE kind = 'pretrained'", r => batches = r.GetInt32(0));
        return batches;
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
