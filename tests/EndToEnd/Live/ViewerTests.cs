using System.Net;
using System.Net.Sockets;
using System.Text;
using ElasticityStream.EndToEnd.Fixtures;
using ElasticityStream.EndToEnd.Telemetry;

namespace ElasticityStream.EndToEnd.Live;

/// <summary>What those who look do to a study: nothing.</summary>
public sealed class ViewerTests : IDisposable
{
    private const int Viewers = 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Results_have_the_same_bits_with_20_viewers_and_one_that_never_reads()
    {
        string[] study = ["training.passes=400", "clustering.every=2000"];
        (await HostProcess.RunAsync(_folder.Root, SmallStudy.Arguments(_folder, [.. study, "output.directory=alone", "telemetry.serve=false"]))).Returned(0);

        using var host = HostProcess.Start(_folder.Root, SmallStudy.Arguments(_folder, [.. study, "output.directory=watched", "telemetry.port=0"]));
        var address = WatchedRun.AddressIn(await host.ErrorLineAsync("Live page at "));
        using var silent = await NeverReadingAsync(address);
        var viewers = Enumerable.Range(0, Viewers).Select(k => WatchAsync(address, k % 2 == 0 ? "kernelized" : "relative")).ToArray();
        var seen = await Task.WhenAll(viewers);
        (await host.EndAsync()).Returned(0);

        Assert.All(seen, events =>
        {
            Assert.Equal("run", events[0]);
            Assert.Equal("end", events[^1]);
            Assert.Contains("similarity", events);
            Assert.True(events.Count(e => e == "rows") > 1);
        });
        Assert.Equal(RunFolder.Only(_folder.At("alone"), "small").Results(), RunFolder.Only(_folder.At("watched"), "small").Results());
    }

    // The events of one viewer, to the end of the run.
    private static async Task<List<string>> WatchAsync(Uri address, string measure)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var stream = new StreamReader(
            await client.GetStreamAsync($"live?measure={measure}&order=cluster", TestContext.Current.CancellationToken), Encoding.UTF8);
        var events = new List<string>();
        while (await stream.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                events.Add(line["event: ".Length..]);
        }

        return events;
    }

    private static async Task<Socket> NeverReadingAsync(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1024 };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /live HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"), TestContext.Current.CancellationToken);
        return socket;
    }
}
