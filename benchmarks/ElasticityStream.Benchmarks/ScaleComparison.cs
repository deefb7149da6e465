using System.Diagnostics;

namespace ElasticityStream.Benchmarks;

/// <summary>The open rank-one engine for more probes and more hidden units, with the memory of the process.</summary>
internal static class ScaleComparison
{
    private static readonly (int Probes, int Width)[] Sizes = [(1000, 1024), (1000, 4096), (2500, 4096), (5000, 4096), (10_000, 4096), (1000, 16_384), (1000, 40_960)];

    public static void Run(ComparisonOptions options)
    {
        Console.WriteLine(
            $"rank-one, open, d = {RankOneComparison.Inputs}, blocks of {options.Block} steps, 2 shards, medians of {options.Rounds} rounds, {Environment.ProcessorCount} cores");
        Console.WriteLine();
        Console.WriteLine($"{"n",8}{"h",8}{"us a step",12}{"ns / (n h / 1000)",20}{"resident, MiB",16}");
        foreach (var (probes, width) in Sizes)
            Measure(probes, width, options);
    }

    private static void Measure(int probes, int width, ComparisonOptions options)
    {
        var study = new RandomStudy(RankOneComparison.Inputs, probes, samples: 32 * options.Block);
        using var engine = new BareEngine(RankOneComparison.Engine(width), study, RankOneComparison.Inputs, 2, options.Block, RankOneComparison.Rate);
        var blocks = Math.Max(2, RankOneComparison.Blocks(width, options.Block) * 1000 / probes);
        var seconds = SideBySide.Medians(options.Rounds, () => SideBySide.Timed(() =>
        {
            engine.Run(blocks);
            return blocks * options.Block;
        }));
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"{probes,8:n0}{width,8:n0}{1e6 * seconds[0],12:f1}{1e9 * seconds[0] / ((double)probes * width / 1000),20:f1}{process.WorkingSet64 >> 20,16:n0}");
    }
}
