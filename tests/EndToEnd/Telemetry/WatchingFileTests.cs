using System.Text.RegularExpressions;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Telemetry;

/// <summary>What Prometheus and Grafana are given, by their own checkers, and by the names of the instruments.</summary>
public sealed partial class WatchingFileTests
{
    private static readonly string[] Rules = ["telemetry/prometheus/alerts.yml", "telemetry/prometheus/rules.yml"];

    [Theory]
    [InlineData("check", "config", "telemetry/prometheus/prometheus.yml")]
    [InlineData("check", "rules", "telemetry/prometheus/alerts.yml", "telemetry/prometheus/rules.yml")]
    [InlineData("test", "rules", "telemetry/prometheus/alerts.test.yml")]
    public async Task Promtool_has_nothing_to_complain_of(params string[] arguments)
    {
        var program = Tool.Find("promtool");
        Assert.SkipWhen(program is null, "NOT TESTED: there is no promtool on the PATH.");
        await Tool.SucceedsAsync(program!, ".", arguments);
    }

    [Fact]
    public async Task Dashboards_are_of_Grafanas_own_type()
    {
        var node = Tool.Find("node");
        Assert.SkipWhen(
            node is null || !Directory.Exists(Repository.At("telemetry/grafana/typecheck/node_modules")),
            "NOT TESTED: npm ci was not run in telemetry/grafana/typecheck.");
        Assert.Contains("3 dashboards, 0 problems", await Tool.SucceedsAsync(node!, "telemetry/grafana/typecheck", "check.mjs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_alert_has_a_test_of_its_own()
    {
        var tests = File.ReadAllText(Repository.At("telemetry/prometheus/alerts.test.yml"));
        var alerts = Alert().Matches(File.ReadAllText(Repository.At(Rules[0]))).Select(m => m.Groups["name"].Value).ToArray();
        Assert.Equal(7, alerts.Length);
        Assert.All(alerts, a => Assert.Contains($"alertname: {a}\n        exp_alerts:\n          - exp_labels:", tests, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_metric_that_a_rule_names_is_an_instrument()
    {
        var known = Instruments.All.SelectMany(i => i.Kind == InstrumentKind.Histogram
            ? new[] { "_bucket", "_count", "_sum" }.Select(s => i.PrometheusName + s)
            : [i.PrometheusName]).ToHashSet();
        foreach (var file in Rules)
        {
            var named = MetricName().Matches(File.ReadAllText(Repository.At(file))).Select(m => m.Value).ToHashSet();
            Assert.NotEmpty(named);
            Assert.Subset(known, named);
        }
    }

    [GeneratedRegex(@"- alert: (?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Alert();

    // Not the names that recording rules give, which follow a colon.
    [GeneratedRegex(@"(?<![:\w])(elasticity|process)_\w+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MetricName();
}
