using System.Diagnostics;
using ElasticityStream.Actors.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ElasticityStream.Benchmarks;

/// <summary>What watching costs the running pipeline: without anybody who listens, with metrics exported every second, and with spans beside them.</summary>
internal static class TelemetryComparison
{
    private const int ExportMilliseconds = 1000;
    private static readonly int[] Widths = [128, 1024, 4096];

    public static void Run(ComparisonOptions options)
    {
        Console.WriteLine(
            $"n = {RankOneComparison.Probes} probes, d = {RankOneComparison.Inputs}, ReLU, open, blocks of {options.Block} steps, medians of {options.Rounds} rounds, "
            + $"{Environment.ProcessorCount} cores. Steps/s, and what of the speed without telemetry that is.");
        Console.WriteLine();
        Console.WriteLine($"{"h",8}{"off",12}{"metrics",22}{"metrics, 1 % of blocks",26}{"metrics, all blocks",24}");
        foreach (var width in Widths)
        {
            var study = new RandomStudy(RankOneComparison.Inputs, RankOneComparison.Probes, samples: 32 * options.Block);
            var steps = Math.Max(2000, RankOneComparison.Blocks(width, options.Block) * options.Block);
            var seconds = SideBySide.Medians(
                options.Rounds,
                Study,
                () => Watched(Study, traced: null),
                () => Watched(Study, traced: 0.01),
                () => Watched(Study, traced: 1));
            Console.WriteLine($"{width,8}{1 / seconds[0],12:n0}{Cell(1),22}{Cell(2),26}{Cell(3),24}");

            double Study() => WholeStudy.Run(
                RankOneComparison.Engine(width), study, RankOneComparison.Inputs, steps, options.Block, closed: false, RankOneComparison.Rate).SecondsPerStep;

            string Cell(int candidate) => $"{1 / seconds[candidate]:n0} ({seconds[0] / seconds[candidate]:p1})";
        }
    }

    private static double Watched(Func<double> study, double? traced)
    {
        using var metrics = Sdk.CreateMeterProviderBuilder()
            .AddMeter(ElasticityMeter.Name)
            .AddReader(new PeriodicExportingMetricReader(new NowhereExporter<Metric>(), ExportMilliseconds))
            .Build();
        using var traces = traced is not { } fraction ? null : Sdk.CreateTracerProviderBuilder()
            .AddSource(StudyTracing.SourceName)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(fraction)))
            .AddProcessor(new BatchActivityExportProcessor(new NowhereExporter<Activity>()))
            .Build();
        return study();
    }

    private sealed class NowhereExporter<T> : BaseExporter<T>
        where T : class
    {
        public override ExportResult Export(in Batch<T> batch)
        {
            foreach (var item in batch)
                GC.KeepAlive(item);
            return ExportResult.Success;
        }
    }
}
