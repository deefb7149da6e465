using System.Text.Json;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Telemetry;

/// <summary>Reads OTLP requests by OpenTelemetry's own library for JavaScript, which has nothing in common with what wrote them.</summary>
internal sealed class OtlpDecoder
{
    private const string Folder = "tests/EndToEnd/Telemetry/otlp-decoder";
    private readonly string _node;

    private OtlpDecoder(string node) => _node = node;

    /// <summary>Finds the library; where it is not installed, the test is skipped and says so.</summary>
    public static OtlpDecoder Find()
    {
        var node = Tool.Find("node");
        Assert.SkipWhen(node is null || !Directory.Exists(Repository.At($"{Folder}/node_modules")), $"NOT TESTED: npm ci was not run in {Folder}.");
        return new OtlpDecoder(node!);
    }

    /// <summary>Reads the requests of a signal, of which there must be some.</summary>
    /// <param name="receiver">Has taken them.</param>
    /// <param name="signal">"metrics", "traces" or "logs".</param>
    /// <param name="folder">Takes the bodies of the requests.</param>
    /// <returns>The requests in the order in which they came, with the names that OTLP gives its fields in JSON.</returns>
    public async Task<IReadOnlyList<JsonElement>> DecodeAsync(OtlpReceiver receiver, string signal, TemporaryFolder folder)
    {
        var requests = receiver.Requests(signal);
        Assert.NotEmpty(requests);
        string[] files = [.. requests.Select((body, index) => folder.Write($"{signal}{index}.bin", body))];
        using var json = JsonDocument.Parse(await Tool.SucceedsAsync(_node, Folder, ["decode.mjs", signal, .. files]));
        JsonElement[] decoded = [.. json.RootElement.Clone().EnumerateArray()];
        Assert.Equal(requests.Count, decoded.Length);
        return decoded;
    }
}
