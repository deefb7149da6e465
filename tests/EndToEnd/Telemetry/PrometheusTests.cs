using System.Text.Json.Nodes;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Telemetry;

/// <summary>Runs that a real Prometheus watches by their target files.</summary>
public sealed class PrometheusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_instrument_of_two_runs_is_scraped_and_on_a_panel_and_ends_when_its_run_is_killed()
    {
        Directory.CreateDirectory(_folder.At("runs/.prometheus"));
        using var prometheus = PrometheusServer.Start(_folder, _folder.At("runs/.prometheus/*.json"));
        using var run = await WatchedRun.StartAsync(_folder, port: 0);
        var id = Path.GetFileName(RunFolder.Only(_folder.At("runs"), "watched").Root);
        foreach (var instrument in Instruments.All)
        {
            var suffix = instrument.Kind == InstrumentKind.Histogram ? "_count" : "";
            var series = await prometheus.UntilAsync(
                $$"""{__name__="{{instrument.PrometheusName}}{{suffix}}",service_instance_id="{{id}}",study_name="watched"}""");
            Assert.All(series, s => Assert.All(instrument.Tags, tag => Assert.True(s.Labels.TryGetProperty(tag, out _), $"{s.Labels} has no {tag}.")));
        }

        Assert.Equal(1, Assert.Single(await prometheus.UntilAsync($$"""elasticity_study_state{service_instance_id="{{id}}",state="running"}""")).Value);
        Assert.True((await prometheus.UntilAsync("elasticity_samples_rejected_total{reason=\"label-out-of-range\"} > 0")).Count > 0);
        Assert.True((await prometheus.UntilAsync("elasticity_training_steps_total{role=\"auxiliary\"} > 0")).Count > 0);
        await prometheus.UntilAsync("histogram_quantile(0.99, rate(elasticity_training_step_duration_seconds_bucket[5s])) > 0");

        foreach (var expression in Expressions(id))
            await prometheus.UntilAsync(expression);

        // At the same port, once the first is gone; until then at another.
        using var second = await WatchedRun.StartAsync(_folder, run.Address.Port);
        Assert.NotEqual(run.Address, second.Address);
        Assert.Equal(2, (await prometheus.UntilAsync("count(count by (service_instance_id) (elasticity_training_loss)) == 2"))[0].Value);
        Assert.Equal(2, Directory.GetFiles(_folder.At("runs/.prometheus")).Length);

        run.Host.Kill();
        await prometheus.UntilAsync($$"""elasticity_training_loss{service_instance_id="{{id}}"}""", hasResult: false);
        using var third = await WatchedRun.StartAsync(_folder, run.Address.Port);
        Assert.Equal(run.Address, third.Address);
        // The killed run could not remove its target file; the one that has its address now did.
        Assert.False(File.Exists(_folder.At($"runs/.prometheus/{id}.json")));

        foreach (var ended in new[] { second, third })
        {
            ended.Host.Terminate();
            (await ended.Host.EndAsync()).Returned(0);
        }

        Assert.Empty(Directory.GetFiles(_folder.At("runs/.prometheus")));
    }

    // What every panel of every dashboard asks, for one run.
    private static string[] Expressions(string run)
    {
        var dashboards = Directory.GetFiles(Repository.At("telemetry/grafana/dashboards")).Select(f => JsonNode.Parse(File.ReadAllText(f))!).ToArray();
        Assert.Equal(3, dashboards.Length);
        return [.. dashboards.SelectMany(d => d["panels"]!.AsArray()).SelectMany(p => p!["targets"]!.AsArray()).Select(t => t!["expr"]!.GetValue<string>()
            .Replace("$run", run, StringComparison.Ordinal)
            .Replace("$study", "watched", StringComparison.Ordinal)
            .Replace("$measure", ".*", StringComparison.Ordinal)
            .Replace("$class", ".*", StringComparison.Ordinal)
            .Replace("$__rate_interval", "10s", StringComparison.Ordinal)
            .Replace("$__range", "1m", StringComparison.Ordinal)).Distinct()];
    }
}
