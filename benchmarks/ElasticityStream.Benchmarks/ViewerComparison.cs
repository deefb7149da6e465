using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Benchmarks;

/// <summary>
/// What the live page costs the running pipeline: not served; served to nobody; to one viewer; to twenty, each with one more that connects and never
/// reads. The results must have the same bits; exit code 1 where they have not.
/// </summary>
internal static class ViewerComparison
{
    private static readonly int[] Widths = [128, 1024, 4096];

    private static readonly (string Name, bool Serve, int Viewers)[] Audiences =
        [("not served", false, 0), ("nobody looks", true, 0), ("1 viewer", true, 1), ("20 viewers", true, 20)];

    public static void Run(ComparisonOptions options)
    {
        Console.WriteLine(
            $"n = {RankOneComparison.Probes} probes, d = {RankOneComparison.Inputs}, ReLU, open, blocks of {options.Block} steps, medians of {options.Rounds} rounds, "
            + $"{Environment.ProcessorCount} cores. Steps/s, and what of the speed of a study that is not served that is.");
        Console.WriteLine();
        Console.WriteLine($"{"h",8}{string.Concat(Audiences.Select(a => $"{a.Name,20}"))}");
        foreach (var width in Widths)
            Compare(width, options);
    }

    private static void Compare(int width, ComparisonOptions options)
    {
        var study = new RandomStudy(RankOneComparison.Inputs, RankOneComparison.Probes, samples: 32 * options.Block);
        // Two seconds or more: several readings, and pictures.
        var steps = Math.Max(2000, 2 * RankOneComparison.Blocks(width, options.Block) * options.Block);
        var results = new HashSet<string>(StringComparer.Ordinal);
        var seconds = SideBySide.Medians(options.Rounds, [.. Audiences.Select(audience => (Func<double>)(() =>
        {
            var whole = WholeStudy.Create(
                RankOneComparison.Engine(width), study, RankOneComparison.Inputs, steps, options.Block, closed: false, RankOneComparison.Rate);
            var run = WatchedStudy.RunAsync(
                whole, new TelemetrySection { Serve = audience.Serve, Port = 0, TraceFraction = 0 }, signals: [], audience.Viewers).GetAwaiter().GetResult();
            results.Add(run.Results);
            return run.SecondsPerStep;
        }))]);
        Console.WriteLine($"{width,8}{string.Concat(seconds.Select(s => $"{$"{1 / s:n0} ({seconds[0] / s:p1})",20}"))}");
        Console.WriteLine(results.Count == 1 ? $"{"",10}the results of all runs have the same bits" : $"{"",10}THERE ARE {results.Count} DIFFERENT RESULTS");
        if (results.Count != 1)
            Environment.ExitCode = 1;
    }
}
