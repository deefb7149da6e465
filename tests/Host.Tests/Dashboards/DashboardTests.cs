using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Dashboards;
using ElasticityStream.Host.Tests.Configuration;

namespace ElasticityStream.Host.Tests.Dashboards;

public sealed partial class DashboardTests
{
    private const int Columns = 24;

    private static readonly JsonObject[] Written = [.. Dashboard.All.Select(d => JsonNode.Parse(d.ToJson())!.AsObject())];

    [Fact]
    public void Dashboards_in_the_repository_are_current()
    {
        var folder = RepositoryFiles.At("telemetry/grafana/dashboards");
        Assert.Equal(Dashboard.All.Select(d => $"{d.Uid}.json").Order(StringComparer.Ordinal), Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.All(Dashboard.All, d => Assert.True(
            d.ToJson() == File.ReadAllText(Path.Combine(folder, $"{d.Uid}.json")), $"{d.Uid} is not current: elasticity dashboards telemetry/grafana/dashboards"));
    }

    [Fact]
    public void Uids_are_fixed_and_tell_dashboards_apart() =>
        Assert.Equal(["elasticity-study", "elasticity-compare", "elasticity-pipeline"], Written.Select(d => d["uid"]!.GetValue<string>()));

    [Fact]
    public void Every_panel_says_what_it_shows_in_which_unit_and_asks_for_the_chosen_runs_only()
    {
        foreach (var dashboard in Written)
        {
            var panels = Panels(dashboard);
            Assert.Equal(Enumerable.Range(1, panels.Length), panels.Select(p => p["id"]!.GetValue<int>()));
            Assert.All(panels, p =>
            {
                Assert.NotEmpty(p["title"]!.GetValue<string>());
                Assert.EndsWith(".", p["description"]!.GetValue<string>(), StringComparison.Ordinal);
                Assert.NotEmpty(p["fieldConfig"]!["defaults"]!["unit"]!.GetValue<string>());
                Assert.True(p["type"]!.GetValue<string>() != "timeseries" || p["options"]!["legend"]!["showLegend"]!.GetValue<bool>());
                Assert.All(p["targets"]!.AsArray(), t =>
                {
                    Assert.Contains(Dashboard.Chosen, t!["expr"]!.GetValue<string>(), StringComparison.Ordinal);
                    Assert.NotEqual(p["type"]!.GetValue<string>() == "table", t["legendFormat"]!.GetValue<string>().Length > 0);
                });
            });
        }
    }

    [Fact]
    public void Panels_lie_side_by_side_and_do_not_overlap()
    {
        foreach (var dashboard in Written)
        {
            var cells = Panels(dashboard).Select(p => p["gridPos"]!).SelectMany(g =>
                from x in Enumerable.Range(g["x"]!.GetValue<int>(), g["w"]!.GetValue<int>())
                from y in Enumerable.Range(g["y"]!.GetValue<int>(), g["h"]!.GetValue<int>())
                select (x, y)).ToArray();
            Assert.Equal(cells.Length, cells.Distinct().Count());
            Assert.All(cells, c => Assert.InRange(c.x, 0, Columns - 1));
        }
    }

    [Fact]
    public void Every_instrument_is_on_a_panel_and_every_metric_on_a_panel_is_an_instrument()
    {
        var named = Written.SelectMany(Panels).SelectMany(p => p["targets"]!.AsArray()).SelectMany(t => MetricName().Matches(t!["expr"]!.GetValue<string>()))
            .Select(m => m.Value.EndsWith("_bucket", StringComparison.Ordinal) ? m.Value[..^"_bucket".Length] : m.Value);
        Assert.Equal(Instruments.All.Select(i => i.PrometheusName).Order(StringComparer.Ordinal), named.Distinct().Order(StringComparer.Ordinal));
    }

    private static JsonNode[] Panels(JsonObject dashboard) => [.. dashboard["panels"]!.AsArray().Select(p => p!)];

    [GeneratedRegex(@"\b(elasticity|process)_\w+(?=\{)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MetricName();
}
