using System.Text.Json;
using ElasticityStream.Host.RunFiles;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Telemetry;

/// <summary>
/// The file that tells Prometheus where a run is served, <c>&lt;output&gt;/.prometheus/&lt;run&gt;.json</c>, for its <c>file_sd_configs</c>. Removed at
/// the end of the run; one that a killed run left behind is removed by the next run that is served at its address.
/// </summary>
internal sealed class PrometheusTargets : IDisposable
{
    private readonly string _file;

    /// <summary>Writes the file, or logs why it could not: the study goes on without, and whoever scrapes has to name its address.</summary>
    /// <param name="output">Where the runs of all studies lie.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="address">Where it is served, host:port.</param>
    /// <param name="log">The run's log.</param>
    public PrometheusTargets(string output, string run, string address, ILogger log)
    {
        var folder = Path.Combine(Path.GetFullPath(output), ".prometheus");
        _file = Path.Combine(folder, $"{run}.json");
        try
        {
            Directory.CreateDirectory(folder);
            // An address is served by one run at a time.
            foreach (var other in Directory.EnumerateFiles(folder, "*.json").Where(f => Names(f, address)))
                File.Delete(other);
            AtomicFile.Write(_file, stream => JsonSerializer.Serialize(stream, new[] { new { targets = new[] { address } } }));
        }
        catch (Exception e) when (e is RunDirectoryException || RunDirectoryException.IsFileFailure(e))
        {
            log.NoTargetFile(e, _file, address);
        }
    }

    /// <summary>Removes the file.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_file);
        }
        catch (Exception e) when (RunDirectoryException.IsFileFailure(e))
        {
            // The run is over; a target that answers no more is what Prometheus knows how to live with, and the next run at its address removes it.
        }
    }

    private static bool Names(string file, string address)
    {
        try
        {
            return File.ReadAllText(file).Contains($"\"{address}\"", StringComparison.Ordinal);
        }
        catch (FileNotFoundException)
        {
            // Its run has ended meanwhile.
            return false;
        }
    }
}
