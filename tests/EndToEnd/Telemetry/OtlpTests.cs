using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Telemetry;

/// <summary>What is sent by OTLP, to receivers that take it, refuse it, or never answer.</summary>
public sealed class OtlpTests : IDisposable
{
    private const string EveryBlock = "telemetry.traceFraction=1";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Metrics_traces_and_logs_arrive(bool grpc)
    {
        var decoder = OtlpDecoder.Find();
        await using var receiver = await OtlpReceiver.StartAsync(grpc);
        // By the environment for one protocol, by the study for the other.
        var environment = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = grpc ? receiver.Endpoint : null, ["OTEL_RESOURCE_ATTRIBUTES"] = "machine=m1" };
        string[] replaced = grpc ? [] : [$"telemetry.otlp.endpoint={receiver.Endpoint}", "telemetry.otlp.protocol=http-protobuf"];
        using var host = HostProcess.Start(
            Repository.HostOutput, _folder.Root, environment, SmallStudy.Arguments(_folder, [EveryBlock, "telemetry.port=0", "clustering.every=32", .. replaced]));
        (await host.EndAsync()).Returned(0);
        var run = RunFolder.Only(_folder.At("runs"), "small");
        var id = Path.GetFileName(run.Root);

        var metricRequests = await decoder.DecodeAsync(receiver, "metrics", _folder);
        var traceRequests = await decoder.DecodeAsync(receiver, "traces", _folder);
        var logRequests = await decoder.DecodeAsync(receiver, "logs", _folder);
        JsonElement[] everything =
        [
            .. metricRequests.SelectMany(r => r.All("resourceMetrics")),
            .. traceRequests.SelectMany(r => r.All("resourceSpans")),
            .. logRequests.SelectMany(r => r.All("resourceLogs")),
        ];
        Assert.True(everything.Length >= metricRequests.Count + traceRequests.Count + logRequests.Count);
        Assert.All(everything, part =>
        {
            var attributes = part.GetProperty("resource").All("attributes")
                .ToDictionary(a => a.Text("key"), a => a.GetProperty("value").Text("stringValue"));
            Assert.Equal(
                ["elasticity-stream", id, "small", "784-16-1 relu", "mnist", "m1"],
                new[] { "service.name", "service.instance.id", "study.name", "elasticity.model", "elasticity.source", "machine" }.Select(a => attributes[a]));
        });

        // The last export is that of the end, when the series of the study are over; counters stay.
        var metrics = metricRequests[^1].All("resourceMetrics", "scopeMetrics", "metrics").ToDictionary(m => m.Text("name"));
        var trained = metrics["elasticity.training.steps"];
        var steps = trained.GetProperty("sum").All("dataPoints").Sum(point => long.Parse(point.Text("asInt"), CultureInfo.InvariantCulture));
        Assert.Equal(run.Count("steps"), steps);
        Assert.Equal("{step}", trained.Text("unit"));

        var spans = traceRequests.SelectMany(r => r.All("resourceSpans", "scopeSpans", "spans")).ToArray();
        var blocks = spans.Where(s => s.Text("name") == StudyTracing.Block).ToDictionary(s => s.Text("spanId"));
        Assert.Equal((run.Count("steps") + 31) / 32, blocks.Count);
        Assert.All(spans.Where(s => s.Text("name") != StudyTracing.Block), s =>
            Assert.Equal(s.Text("traceId"), blocks[s.Text("parentSpanId")].Text("traceId")));

        var records = logRequests.SelectMany(r => r.All("resourceLogs", "scopeLogs", "logRecords")).ToArray();
        Assert.Contains(records, r => r.GetProperty("body").Text("stringValue") == "The run ended: completed");
        // A clustering is logged where its block's trace is.
        var traces = blocks.Values.Select(b => b.Text("traceId")).ToHashSet();
        Assert.DoesNotContain("", traces);
        Assert.Contains(records, r => traces.Contains(r.Text("traceId")));
    }

    [Theory]
    [InlineData("OTEL_TRACES_SAMPLER", "always_off", "metrics,logs")]
    [InlineData("OTEL_TRACES_SAMPLER", "always_on", "metrics,traces,logs")]
    [InlineData("OTEL_LOGS_EXPORTER", "none", "metrics")]
    [InlineData("OTEL_SDK_DISABLED", "true", "")]
    public async Task Variables_choose_what_is_sent(string variable, string value, string expected)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: true);
        var environment = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint, [variable] = value };
        string[] untraced = variable == "OTEL_LOGS_EXPORTER" ? ["telemetry.traceFraction=0"] : [];
        using var host = HostProcess.Start(Repository.HostOutput, _folder.Root, environment, SmallStudy.Arguments(_folder, ["telemetry.port=0", .. untraced]));
        (await host.EndAsync()).Returned(0);
        Assert.Equal(expected, string.Join(",", new[] { "metrics", "traces", "logs" }.Where(s => receiver.Requests(s).Count > 0)));
    }

    [Fact]
    public async Task Results_have_the_same_bits_with_telemetry_on_off_and_at_dead_endpoints()
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: true);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var refusing = $"telemetry.otlp.endpoint=http://127.0.0.1:{FreePort()}";
        var neverAnswering = $"telemetry.otlp.endpoint=http://{silent.LocalEndpoint}";
        string[][] variants =
        [
            ["telemetry.serve=false"],
            ["telemetry.port=0"],
            ["telemetry.port=0", EveryBlock, "telemetry.otlp.metricInterval=1", $"telemetry.otlp.endpoint={receiver.Endpoint}"],
            ["telemetry.port=0", EveryBlock, "telemetry.otlp.metricInterval=1", refusing],
            ["telemetry.port=0", EveryBlock, "telemetry.otlp.metricInterval=1", neverAnswering, "telemetry.otlp.protocol=http-protobuf"],
        ];
        var results = new List<byte[]>();
        foreach (var (index, variant) in variants.Index())
        {
            var output = $"output.directory=runs{index}";
            (await HostProcess.RunAsync(_folder.Root, SmallStudy.Arguments(_folder, [output, "training.passes=3", .. variant]))).Returned(0);
            results.Add(RunFolder.Only(_folder.At($"runs{index}"), "small").Results());
        }

        Assert.All(new[] { "metrics", "traces", "logs" }, s => Assert.NotEmpty(receiver.Requests(s)));
        Assert.True(results[0].Length > 10_000);
        Assert.All(results, r => Assert.Equal(results[0], r));
    }

    [Fact]
    public async Task What_a_dead_endpoint_does_not_take_is_counted()
    {
        using var run = await WatchedRun.StartAsync(
            _folder, port: 0, EveryBlock, "telemetry.otlp.metricInterval=1", $"telemetry.otlp.endpoint=http://127.0.0.1:{FreePort()}", "sweep.every=1");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        while (!new[] { "metrics", "traces", "logs" }.All(Dropped(await run.TextAsync("metrics")).Contains))
            Assert.True(await timer.WaitForNextTickAsync(bound.Token));
        run.Host.Terminate();
        (await run.Host.EndAsync()).Returned(0);
    }

    private static HashSet<string> Dropped(string metrics) => [.. metrics.Split('\n')
        .Where(l => l.StartsWith("elasticity_telemetry_dropped_total{", StringComparison.Ordinal) && !l.EndsWith(" 0", StringComparison.Ordinal))
        .Select(l => l.Split("signal=\"")[1].Split('"')[0])];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
