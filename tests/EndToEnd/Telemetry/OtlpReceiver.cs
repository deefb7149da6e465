using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ElasticityStream.EndToEnd.Telemetry;

/// <summary>Takes OTLP requests on loopback, by gRPC (over HTTP/2 without TLS) or as protobuf over HTTP/1.1, and keeps them.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<byte[]>> _requests = new();

    private OtlpReceiver(WebApplication application) => _application = application;

    public string Endpoint => _application.Urls.Single();

    /// <summary>Starts to receive.</summary>
    /// <param name="grpc">Whether by gRPC.</param>
    public static async Task<OtlpReceiver> StartAsync(bool grpc)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o => o.Listen(
            System.Net.IPAddress.Loopback, 0, l => l.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var receiver = new OtlpReceiver(builder.Build());
        receiver._application.Run(receiver.TakeAsync);
        await receiver._application.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>The requests of a signal, "metrics", "traces" or "logs", as protobuf.</summary>
    public IReadOnlyCollection<byte[]> Requests(string signal) => _requests.TryGetValue(signal, out var requests) ? requests : [];

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var bytes = body.ToArray();
        var signal = context.Request.Path.Value switch
        {
            "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" or "/v1/metrics" => "metrics",
            "/opentelemetry.proto.collector.trace.v1.TraceService/Export" or "/v1/traces" => "traces",
            "/opentelemetry.proto.collector.logs.v1.LogsService/Export" or "/v1/logs" => "logs",
            var other => throw new InvalidDataException($"{other} is no path of OTLP."),
        };
        var isGrpc = context.Request.ContentType == "application/grpc";
        // gRPC: one byte that says whether it is compressed, four of its length, the message.
        if (isGrpc)
        {
            Assert.Equal((0, bytes.Length - 5), (bytes[0], BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1))));
            bytes = bytes[5..];
        }

        _requests.GetOrAdd(signal, _ => new()).Enqueue(bytes);
        context.Response.ContentType = isGrpc ? "application/grpc" : "application/x-protobuf";
        if (!isGrpc)
            return;
        await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
