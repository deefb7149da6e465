using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Telemetry;

/// <summary>What a run serves, where, and what it logs.</summary>
public sealed class ServedRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Taken_port_leads_to_a_free_one()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var run = await WatchedRun.StartAsync(_folder, port);
        Assert.Contains($", since port {port} is taken.", run.Announcement, StringComparison.Ordinal);
        Assert.NotEqual(port, run.Address.Port);
        Assert.Contains("elasticity_training_loss{", await run.TextAsync("metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_answers_its_health_checks_and_names_itself()
    {
        using var run = await WatchedRun.StartAsync(_folder, port: 0);
        Assert.Equal("127.0.0.1", run.Address.Host);
        var id = Path.GetFileName(RunFolder.Only(_folder.At("runs"), "watched").Root);
        foreach (var path in new[] { "healthz", "readyz" })
        {
            using var answer = await run.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var json = JsonDocument.Parse(await run.TextAsync(path));
            Assert.Equal(["watched", id, "running"], new[] { "study", "run", "state" }.Select(name => json.RootElement.GetProperty(name).GetString()));
        }

        using var unknown = await run.GetAsync("nothing");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Page_allows_nothing_from_elsewhere_and_refuses_what_there_is_not()
    {
        using var run = await WatchedRun.StartAsync(_folder, port: 0);
        using var page = await run.GetAsync("");
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("default-src 'self';", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);

        using var unknown = await run.GetAsync("live?measure=absolute");
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Equal("measure is one of kernelized, relative; order is one of class, cluster.\n", await run.TextAsync("live?measure=absolute"));
    }

    [Fact]
    public async Task More_viewers_than_are_allowed_are_told_so()
    {
        using var run = await WatchedRun.StartAsync(_folder, port: 0);
        using var client = new HttpClient { BaseAddress = run.Address };
        var viewers = new List<HttpResponseMessage>();
        for (var k = 0; k <= 64; k++)
            viewers.Add(await client.GetAsync("live", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken));
        Assert.All(viewers[..^1], v => Assert.Equal(HttpStatusCode.OK, v.StatusCode));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, viewers[^1].StatusCode);
        Assert.Equal("64 viewers are looking already.\n", await viewers[^1].Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        viewers.ForEach(v => v.Dispose());
    }

    [Fact]
    public async Task Address_that_is_not_loopback_is_warned_of()
    {
        var ended = (await HostProcess.RunAsync(_folder.Root, SmallStudy.Arguments(_folder, "telemetry.address=0.0.0.0", "telemetry.port=0"))).Returned(0);
        Assert.Contains("Warning: both can be read, without a password, by whoever reaches 0.0.0.0:", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("telemetry.address=localhost", "telemetry.address: expected an IP address, such as 127.0.0.1 or 0.0.0.0, found localhost")]
    [InlineData("telemetry.address=192.0.2.1", "telemetry: nothing can be served at 192.0.2.1:9464:")]
    [InlineData("telemetry.otlp.endpoint=127.0.0.1", "telemetry.otlp.endpoint: expected an address that starts with http:// or https://")]
    public async Task Address_that_cannot_be_is_refused_before_anything_starts(string replaced, string message)
    {
        var ended = (await HostProcess.RunAsync(_folder.Root, SmallStudy.Arguments(_folder, replaced))).Returned(2);
        Assert.Contains(message, ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("runs")));
    }

    [Fact]
    public async Task Variable_that_means_nothing_is_refused()
    {
        var environment = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "collector" };
        using var host = HostProcess.Start(Repository.HostOutput, _folder.Root, environment, SmallStudy.Arguments(_folder));
        var ended = (await host.EndAsync()).Returned(2);
        Assert.Contains("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: expected an address", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("runs")));
    }

    [Fact]
    public async Task Study_that_is_not_served_says_nothing_of_it()
    {
        var ended = (await HostProcess.RunAsync(_folder.Root, SmallStudy.Arguments(_folder, "telemetry.serve=false"))).Returned(0);
        Assert.DoesNotContain("Prometheus", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("runs/.prometheus")));
    }

    [Fact]
    public async Task Log_holds_what_happened_one_object_a_line()
    {
        var run = await SmallStudy.RunAsync(_folder, "sweep.every=50", "telemetry.port=0");
        var lines = File.ReadAllLines(run.At("log.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.All(lines, l =>
        {
            Assert.True(l.GetProperty("time").TryGetDateTimeOffset(out _));
            Assert.Equal("Information", l.GetProperty("level").GetString());
        });
        Assert.Equal($"Run {Path.GetFileName(run.Root)} of small: 784-16-1 relu, source mnist", lines[0].GetProperty("message").GetString());
        Assert.Equal("The run ended: completed", lines[^1].GetProperty("message").GetString());
        Assert.Equal([64, 100], lines.Where(l => l.TryGetProperty("Kind", out var kind) && kind.GetString() == "sweep").Select(l => l.GetProperty("Step").GetInt32()));
        Assert.Equal(2, lines.Count(l => l.TryGetProperty("Method", out _)));
    }

    [Fact]
    public async Task Log_holds_why_a_run_failed()
    {
        var ended = (await HostProcess.RunAsync(_folder.Root, SmallStudy.Arguments(_folder, "training.learningRate=1e30", "telemetry.port=0"))).Returned(1);
        var run = RunFolder.Only(_folder.At("runs"), "small");
        using var last = JsonDocument.Parse(File.ReadAllLines(run.At("log.jsonl"))[^1]);
        Assert.Equal("Error", last.RootElement.GetProperty("level").GetString());
        Assert.Contains("The learning rate 1e+30 may be beyond", last.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("StudyFailedException", last.RootElement.GetProperty("exception").GetString(), StringComparison.Ordinal);
        // Once, in the command's own words.
        Assert.Equal(2, ended.Error.Split("The learning rate 1e+30 may be beyond").Length);
        Assert.Empty(Directory.GetFiles(_folder.At("runs/.prometheus")));
    }
}
