using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Telemetry;

/// <summary>A real Prometheus on loopback that watches a folder of target files.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly HttpClient _client;

    private PrometheusServer(Process process, int port)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
    }

    /// <summary>Starts the server; where none is installed, the test is skipped and says so.</summary>
    /// <param name="folder">Takes its configuration and its data.</param>
    /// <param name="targets">The target files, a path with wildcards in its last part.</param>
    public static PrometheusServer Start(TemporaryFolder folder, string targets)
    {
        var program = Tool.Find("prometheus");
        Assert.SkipWhen(program is null, "NOT TESTED: there is no prometheus on the PATH.");
        var configuration = folder.Write("prometheus.yml", $"""
            global: {"{"} scrape_interval: 1s, scrape_timeout: 1s {"}"}
            scrape_configs:
              - job_name: elasticity
                file_sd_configs:
                  - files: ['{targets}']
                    refresh_interval: 1s
            """);
        var port = FreePort();
        var process = Process.Start(new ProcessStartInfo(
            program!,
            [
                $"--config.file={configuration}", $"--storage.tsdb.path={folder.At("prometheus")}", $"--web.listen-address=127.0.0.1:{port}",
                "--log.level=error",
            ])
        { UseShellExecute = false })!;
        return new PrometheusServer(process, port);
    }

    /// <summary>Waits until a query has, or has no, result.</summary>
    /// <returns>Its series, and their values.</returns>
    public async Task<IReadOnlyList<(JsonElement Labels, double Value)>> UntilAsync(string query, bool hasResult = true)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Bound);
        using var timer = new PeriodicTimer(Period);
        while (true)
        {
            if (await QueryAsync(query, bound.Token) is { } result && result.Count > 0 == hasResult)
                return result;
            try
            {
                await timer.WaitForNextTickAsync(bound.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"{query} still has {(hasResult ? "no" : "a")} result after {Bound}.", e);
            }
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
    }

    // Null while the server does not answer yet.
    private async Task<IReadOnlyList<(JsonElement Labels, double Value)>?> QueryAsync(string query, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _client.GetAsync($"api/v1/query?query={Uri.EscapeDataString(query)}", cancellation);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                return null;
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            Assert.True(answer.IsSuccessStatusCode, $"{query}: {json.RootElement}");
            return [.. json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(
                r => (r.GetProperty("metric").Clone(), double.Parse(r.GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture)))];
        }
        catch (HttpRequestException) when (!_process.HasExited)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
