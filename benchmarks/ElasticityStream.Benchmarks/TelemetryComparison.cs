using System.Net;
using System.Net.Sockets;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Telemetry;

namespace ElasticityStream.Benchmarks;

/// <summary>
/// What watching costs the running pipeline, in the host of a run: nothing sent; metrics every second, and all three signals, sent to a receiver in this
/// process; and all three sent to an endpoint that refuses, and to one that never answers. The results must have the same bits; exit code 1 where they have not.
/// </summary>
internal static class TelemetryComparison
{
    private static readonly int[] Widths = [128, 1024, 4096];
    private static readonly Signal[] All = Enum.GetValues<Signal>();

    public static void Run(ComparisonOptions options) => RunAsync(options).GetAwaiter().GetResult();

    private static async Task RunAsync(ComparisonOptions options)
    {
        await using var sink = await OtlpSink.StartAsync();
        // Bound and never listened at: refuses, and nobody else can take the port meanwhile.
        using var refusing = Bound();
        // Listened at and never read: the system accepts the connection, and nothing more happens.
        using var silent = Bound();
        silent.Listen();
        Watching[] watchings =
        [
            new("off", Sent(null, 0), []),
            new("metrics", Sent(sink.Endpoint, 0), [Signal.Metrics]),
            new("all, 1 % of blocks", Sent(sink.Endpoint, 0.01), All),
            new("all, all blocks", Sent(sink.Endpoint, 1), All),
            new("all, refused", Sent($"http://{refusing.LocalEndPoint}", 1), All),
            new("all, no answer", Sent($"http://{silent.LocalEndPoint}", 1), All),
        ];
        Console.WriteLine(
            $"n = {RankOneComparison.Probes} probes, d = {RankOneComparison.Inputs}, ReLU, open, blocks of {options.Block} steps, medians of {options.Rounds} rounds, "
            + $"{Environment.ProcessorCount} cores. Steps/s, and what of the speed without telemetry that is; from the last result to the end; items that were lost.");
        Console.WriteLine();
        Console.WriteLine($"{"h",8}{"",8}{string.Concat(watchings.Select(w => $"{w.Name,20}"))}");
        foreach (var width in Widths)
            Compare(width, watchings, options);
    }

    private static void Compare(int width, Watching[] watchings, ComparisonOptions options)
    {
        var study = new RandomStudy(RankOneComparison.Inputs, RankOneComparison.Probes, samples: 32 * options.Block);
        // Two seconds or more: several exports.
        var steps = Math.Max(2000, 2 * RankOneComparison.Blocks(width, options.Block) * options.Block);
        var runs = watchings.Select(_ => new List<WatchedStudy>()).ToArray();
        var seconds = SideBySide.Medians(options.Rounds, [.. watchings.Select((watching, candidate) => (Func<double>)(() =>
        {
            var whole = WholeStudy.Create(
                RankOneComparison.Engine(width), study, RankOneComparison.Inputs, steps, options.Block, closed: false, RankOneComparison.Rate);
            var run = WatchedStudy.RunAsync(whole, watching.Section, watching.Signals).GetAwaiter().GetResult();
            runs[candidate].Add(run);
            return run.SecondsPerStep;
        }))]);
        Console.WriteLine($"{width,8}{"steps/s",8}{Cells(c => $"{1 / seconds[c]:n0} ({seconds[0] / seconds[c]:p1})")}");
        Console.WriteLine($"{"",8}{"end",8}{Cells(c => $"{SideBySide.Median(runs[c].Select(r => r.EndSeconds)):n2} s")}");
        Console.WriteLine($"{"",8}{"lost",8}{Cells(c => $"{SideBySide.Median(runs[c].Select(r => (double)r.Dropped)):n0}")}");
        var results = runs.SelectMany(r => r).Select(r => r.Results).Distinct(StringComparer.Ordinal).Count();
        Console.WriteLine(results == 1 ? $"{"",16}  the results of all {runs.Sum(r => r.Count)} runs have the same bits" : $"{"",16}  THERE ARE {results} DIFFERENT RESULTS");
        if (results != 1)
            Environment.ExitCode = 1;

        string Cells(Func<int, string> cell) => string.Concat(watchings.Select((_, candidate) => $"{cell(candidate),20}"));
    }

    private static TelemetrySection Sent(string? endpoint, double traced) => new()
    {
        Serve = false,
        TraceFraction = traced,
        Otlp = new OtlpSection { Endpoint = endpoint, MetricInterval = 1 },
    };

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private sealed record Watching(string Name, TelemetrySection Section, Signal[] Signals);
}
