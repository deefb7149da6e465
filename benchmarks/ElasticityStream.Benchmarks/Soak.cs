using System.Diagnostics;
using System.Globalization;

namespace ElasticityStream.Benchmarks;

/// <summary>
/// Whether anything grows in a long study: the program itself, started as its users start it, on a small network with many steps, clusterings, sweeps and
/// checkpoints. Exit code 1 where something is more in the second half than it was in the second quarter, beyond what is allowed.
/// </summary>
internal static class Soak
{
    private const int RowsShown = 20;
    private const long Mebibyte = 1 << 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // What is allowed beyond the most in the second quarter: a part of that, and so much more.
    private static readonly (string Name, Func<SoakSample, long> Of, double Part, long More, double Unit)[] Quantities =
    [
        ("resident, MiB", s => s.Resident, 0.10, 16 * Mebibyte, Mebibyte),
        ("descriptors", s => s.Descriptors, 0, 8, 1),
        ("threads", s => s.Threads, 0, 8, 1),
        ("tensors", s => s.Tensors, 0, 8, 1),
        ("database, MiB", s => s.Database, 0.10, Mebibyte, Mebibyte),
        ("checkpoints, MiB", s => s.Checkpoints, 0.10, Mebibyte / 2, Mebibyte),
        ("log, KiB", s => s.Log, 0, 128 * Mebibyte, 1024),
    ];

    public static void Run(ComparisonOptions options) => RunAsync(options).GetAwaiter().GetResult();

    private static async Task RunAsync(ComparisonOptions options)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("A process is looked at through /proc, which only Linux has.");
        const int Samples = 400;
        var passes = (options.Steps + Samples - 1) / Samples;
        var folder = Directory.CreateTempSubdirectory("elasticity-soak-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "soak.yaml"), Study(passes));
            var samples = await WatchAsync(folder, (long)passes * Samples);
            Console.WriteLine(
                $"784-16-1, ReLU, 32 probes, {(long)passes * Samples:n0} steps, output.keepSteps: 100000; a clustering every 20,000 steps, a sweep every 50,000, a checkpoint every 40,000 and every 12 s. "
                + $"Sampled every {Interval.TotalSeconds:0} s.");
            Print(samples);
            Judge(samples);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Study(int passes) => string.Create(CultureInfo.InvariantCulture, $$"""
        name: soak
        source:
          type: mnist
          options: { primary: [5, 9], auxiliary: [8], primaryPerClass: 100, auxiliaryPerClass: 200 }
        model: { type: mlp, hidden: [16], activation: relu }
        training: { loss: mse, learningRate: 0.001, passes: {{passes}} }
        probe: { count: 32 }
        clustering: { every: 20000, restarts: 5 }
        sweep: { every: 50000 }
        checkpoint: { everySteps: 40000, everyMinutes: 0.2 }
        output: { keepSteps: 100000, keepRecords: 1000 }
        """);

    private static async Task<IReadOnlyList<SoakSample>> WatchAsync(string folder, long steps)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "elasticity"), ["run", "soak.yaml", "--port", "0", "--output", "runs", "--device", "cpu"])
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            },
        };
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.OutputDataReceived += (_, _) => { };
        process.Start();
        try
        {
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            var ended = process.WaitForExitAsync();
            if (await Task.WhenAny(address.Task, ended) == ended)
                throw new InvalidOperationException($"The study did not start: {string.Join(' ', said)}");
            using var metrics = new HttpClient { BaseAddress = await address.Task, Timeout = TimeSpan.FromSeconds(30) };
            var samples = new List<SoakSample>();
            var clock = Stopwatch.StartNew();
            using var timer = new PeriodicTimer(Interval);
            while (!ended.IsCompleted)
            {
                await timer.WaitForNextTickAsync();
                var run = Directory.Exists(Path.Combine(folder, "runs", "soak")) ? Directory.GetDirectories(Path.Combine(folder, "runs", "soak")).FirstOrDefault(d => File.Exists(Path.Combine(d, "run.db"))) : null;
                // Once all steps are done, pictures are drawn and the database is folded up: another story.
                if (run is not null && await SoakSample.TakeAsync(process, metrics, run, clock.Elapsed.TotalSeconds) is { Steps: > 0 } sample && sample.Steps < steps)
                    samples.Add(sample);
            }

            return process.ExitCode == 0 ? samples : throw new InvalidOperationException($"The study failed: {string.Join(' ', said)}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }

        void Hear(string? line)
        {
            if (line is null)
                return;
            lock (said)
            {
                said.Add(line);
                if (said.Count > 50)
                    said.RemoveAt(0);
            }

            const string Before = "Live page at ";
            if (line.StartsWith(Before, StringComparison.Ordinal))
                address.TrySetResult(new Uri(line[Before.Length..].Split([' ', ',', '\r']).First().TrimEnd('.')));
        }
    }

    private static void Print(IReadOnlyList<SoakSample> samples)
    {
        Console.WriteLine();
        Console.WriteLine($"| seconds | steps | {string.Join(" | ", Quantities.Select(q => q.Name))} |");
        Console.WriteLine($"| --- | --- | {string.Join(" | ", Quantities.Select(_ => "---"))} |");
        foreach (var row in Enumerable.Range(1, RowsShown).Select(k => (k * samples.Count / RowsShown) - 1).Where(k => k >= 0).Distinct())
        {
            var s = samples[row];
            Console.WriteLine(Invariant($"| {s.Seconds:n0} | {s.Steps:n0} | {string.Join(" | ", Quantities.Select(q => Number(q.Of(s), q.Unit)))} |"));
        }
    }

    private static void Judge(IReadOnlyList<SoakSample> samples)
    {
        var last = samples.Count == 0 ? 0 : samples[^1].Steps;
        var quarter = samples.Where(s => s.Steps > last / 4 && s.Steps <= last / 2).ToArray();
        var half = samples.Where(s => s.Steps > last / 2).ToArray();
        if (quarter.Length < 3 || half.Length < 3)
            throw new InvalidOperationException("The study was too short to tell anything; give it more --steps.");
        Console.WriteLine();
        Console.WriteLine("| | most in the second quarter | most in the second half | allowed | |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var (name, of, part, more, unit) in Quantities)
        {
            var (before, after) = (quarter.Max(of), half.Max(of));
            var allowed = before + (long)(part * before) + more;
            Console.WriteLine($"| {name} | {Number(before, unit)} | {Number(after, unit)} | {Number(allowed, unit)} | {(after <= allowed ? "" : "GROWS")} |");
            if (after > allowed)
                Environment.ExitCode = 1;
        }
    }

    private static string Number(long value, double unit) => (value / unit).ToString(unit == Mebibyte ? "n1" : "n0", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
