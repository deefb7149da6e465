using System.Diagnostics;
using System.Globalization;

namespace ElasticityStream.Benchmarks;

/// <summary>What a running study holds at one moment.</summary>
/// <param name="Seconds">Since it was started.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Resident">Resident memory in bytes.</param>
/// <param name="Descriptors">Open file descriptors.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Tensors">Tensors that live.</param>
/// <param name="Database">Bytes of <c>run.db</c> and its log.</param>
/// <param name="Checkpoints">Bytes of <c>checkpoints/</c>.</param>
/// <param name="Log">Bytes of <c>log.jsonl</c> and its successors.</param>
internal sealed record SoakSample(
    double Seconds, long Steps, long Resident, int Descriptors, int Threads, long Tensors, long Database, long Checkpoints, long Log)
{
    /// <summary>Looks at a process through the files of the system, and at its study through its metrics and its folder.</summary>
    /// <returns>Null where it has ended meanwhile.</returns>
    public static async Task<SoakSample?> TakeAsync(Process process, HttpClient metrics, string folder, double seconds)
    {
        try
        {
            var text = await metrics.GetStringAsync("/metrics");
            var status = await File.ReadAllLinesAsync($"/proc/{process.Id}/status");
            return new SoakSample(
                seconds, (long)Metric(text, "elasticity_training_steps_total"), 1024 * Status(status, "VmRSS:"),
                Directory.GetFiles($"/proc/{process.Id}/fd").Length,
                (int)Status(status, "Threads:"), (long)Metric(text, "elasticity_torch_live_tensors"),
                Bytes(folder, "run.db*"), Bytes(Path.Combine(folder, "checkpoints"), "*"), Bytes(folder, "log*.jsonl"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The sum over all series of a metric in Prometheus' text format.
    private static double Metric(string text, string name) => text.Split('\n')
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).First(word => word != name), CultureInfo.InvariantCulture));

    private static long Status(string[] lines, string key) =>
        long.Parse(lines.First(line => line.StartsWith(key, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    // What is removed while it is looked at counts as nothing.
    private static long Bytes(string folder, string pattern) => !Directory.Exists(folder)
        ? 0
        : new DirectoryInfo(folder).EnumerateFiles(pattern, new EnumerationOptions { RecurseSubdirectories = pattern == "*", IgnoreInaccessible = true })
            .Sum(file => file.Exists ? file.Length : 0);
}
