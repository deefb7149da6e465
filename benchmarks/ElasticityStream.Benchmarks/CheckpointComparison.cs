using System.Diagnostics;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.RunFiles.Checkpoints;

namespace ElasticityStream.Benchmarks;

/// <summary>
/// What checkpoints cost the running pipeline, open and closed: none saved; one a second, which is hundreds of times as often as by default. The
/// results must have the same bits; exit code 1 where they have not.
/// </summary>
internal static class CheckpointComparison
{
    private static readonly int[] Widths = [128, 1024, 4096];

    public static void Run(ComparisonOptions options)
    {
        Console.WriteLine(
            $"n = {RankOneComparison.Probes} probes, d = {RankOneComparison.Inputs}, ReLU, blocks of {options.Block} steps, medians of {options.Rounds} rounds, "
            + $"{Environment.ProcessorCount} cores. Steps/s without a saved checkpoint, what of that is left with one a second, and their size and time on disk.");
        Console.WriteLine();
        Console.WriteLine($"{"h",8}{"form",10}{"none",12}{"one a second",18}{"saved",8}{"MB each",10}{"s each",9}");
        foreach (var width in Widths)
        {
            Compare(width, closed: false, options);
            Compare(width, closed: true, options);
        }
    }

    private static void Compare(int width, bool closed, ComparisonOptions options)
    {
        var study = new RandomStudy(RankOneComparison.Inputs, RankOneComparison.Probes, samples: 32 * options.Block);
        // Four seconds or so: several checkpoints.
        var steps = Math.Max(4000, 4 * RankOneComparison.Blocks(width, options.Block) * options.Block);
        var folder = Directory.CreateTempSubdirectory("elasticity-checkpoints-");
        try
        {
            var store = new TimedStore(new CheckpointStore(Path.Combine(folder.FullName, "checkpoints"), "benchmark", "", keep: 2, keepEvery: null, TimeProvider.System));
            var results = new HashSet<string>(StringComparer.Ordinal);
            var seconds = SideBySide.Medians(options.Rounds, [.. new[] { null, new CheckpointSettings(store, null, TimeSpan.FromSeconds(1), TimeProvider.System) }
                .Select(settings => (Func<double>)(() =>
                {
                    var whole = WholeStudy.Create(
                        RankOneComparison.Engine(width), study, RankOneComparison.Inputs, steps, options.Block, closed, RankOneComparison.Rate, settings);
                    var run = WatchedStudy.RunAsync(whole, new TelemetrySection { Serve = false, TraceFraction = 0 }).GetAwaiter().GetResult();
                    results.Add(run.Results);
                    return run.SecondsPerStep;
                }))]);
            Console.WriteLine(
                $"{width,8}{(closed ? "closed" : "open"),10}{1 / seconds[0],12:n0}{$"{1 / seconds[1]:n0} ({seconds[0] / seconds[1]:p1})",18}"
                + $"{store.Saved,8}{store.MeanBytes / 1e6,10:n1}{store.MeanSeconds,9:n2}");
            if (results.Count == 1)
                return;
            Console.WriteLine($"{"",10}THERE ARE {results.Count} DIFFERENT RESULTS");
            Environment.ExitCode = 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class TimedStore(ICheckpointStore store) : ICheckpointStore
    {
        private long _bytes;
        private double _seconds;

        public int Saved { get; private set; }

        public double MeanBytes => (double)_bytes / Saved;

        public double MeanSeconds => _seconds / Saved;

        public long Save(StudyCheckpoint checkpoint)
        {
            var start = Stopwatch.GetTimestamp();
            var bytes = store.Save(checkpoint);
            _seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            _bytes += bytes;
            Saved++;
            return bytes;
        }
    }
}
