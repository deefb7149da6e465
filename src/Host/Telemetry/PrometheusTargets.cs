using System.Text.Json;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Telemetry;

/// <summary>
/// The file that tells Prometheus where a run is served, <c>&lt;output&gt;/.prometheus/&lt;run&gt;.json</c>, for its <c>file_sd_configs</c>. Removed at
/// the end of the run; one that a killed run left behind is removed by the next run that is served at its address.
/// </summary>
internal sealed class PrometheusTargets : IDisposable
{
    private readonly string _file;

    /// <summary>Writes the file.</summary>
    /// <param name="output">Where the runs of all studies lie.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="address">Where it is served, host:port.</param>
    /// <exception cref="RunDirectoryException">It cannot be written.</exception>
    public PrometheusTargets(string output, string run, string address)
    {
        var folder = Path.Combine(Path.GetFullPath(output), ".prometheus");
        _file = Path.Combine(folder, $"{run}.json");
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var other in Directory.EnumerateFiles(folder, "*.json"))
            {
                // An address is served by one run at a time.
                if (File.ReadAllText(other).Contains($"\"{address}\"", StringComparison.Ordinal))
                    File.Delete(other);
            }
        }
        catch (Exception e) when (RunDirectoryException.IsFileFailure(e))
        {
            throw RunDirectoryException.From(folder, "write", e);
        }

        AtomicFile.Write(_file, stream => JsonSerializer.Serialize(stream, new[] { new { targets = new[] { address } } }));
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
}
