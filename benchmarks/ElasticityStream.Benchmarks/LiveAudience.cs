using System.Net.Sockets;
using System.Text;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Live;
using ElasticityStream.Host.Progress;
using ElasticityStream.Host.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace ElasticityStream.Benchmarks;

/// <summary>The live page of a study, viewers who read all that they are sent, and one who connects and never reads.</summary>
internal sealed class LiveAudience : IAsyncDisposable
{
    private readonly TelemetryListener _listener;
    private readonly LiveRun _live;
    private readonly TelemetryServer _server;
    private readonly Socket[] _viewers;
    private readonly Task[] _reading;

    private LiveAudience(TelemetryListener listener, LiveRun live, TelemetryServer server, int viewers)
    {
        _listener = listener;
        _live = live;
        _server = server;
        _viewers = [.. Enumerable.Range(0, viewers == 0 ? 0 : viewers + 1).Select(_ => Connect())];
        _reading = [.. _viewers.Skip(1).Select(ReadAsync)];
    }

    /// <summary>Serves a study, and connects the viewers.</summary>
    public static async Task<LiveAudience> StartAsync(RunIdentity run, TelemetrySection section, IServiceProvider services, ElasticityMeter meter, int viewers)
    {
        var logs = services.GetRequiredService<ILoggerFactory>();
        var listener = TelemetryListener.Bind(section);
        var live = new LiveRun(run, meter, new LiveProgress(new Progress<ProgressSnapshot>()), TimeProvider.System, logs.CreateLogger(RunLogMessages.Category));
        var server = await TelemetryServer.StartAsync(listener, run, meter, services.GetRequiredService<MeterProvider>(), live, logs);
        return new LiveAudience(listener, live, server, viewers);
    }

    public async ValueTask DisposeAsync()
    {
        _live.End("completed", null);
        await Task.WhenAll(_reading);
        await _server.DisposeAsync();
        await _live.DisposeAsync();
        foreach (var viewer in _viewers)
            viewer.Dispose();
        _listener.Dispose();
    }

    private static async Task ReadAsync(Socket viewer)
    {
        var buffer = new byte[1 << 16];
        while (await viewer.ReceiveAsync(buffer) > 0)
        {
            // What a browser does with it is done on another machine.
        }
    }

    private Socket Connect()
    {
        var socket = new Socket(_listener.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1 << 12 };
        socket.Connect(_listener.EndPoint);
        socket.Send(Encoding.ASCII.GetBytes($"GET {LivePage.Events} HTTP/1.1\r\nHost: {_listener.Address}\r\nConnection: close\r\n\r\n"));
        return socket;
    }
}
