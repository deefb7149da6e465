using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ElasticityStream.Benchmarks;

/// <summary>Takes OTLP requests by gRPC on loopback, in this process, and forgets them.</summary>
internal sealed class OtlpSink : IAsyncDisposable
{
    private readonly WebApplication _application;

    private OtlpSink(WebApplication application) => _application = application;

    public string Endpoint => _application.Urls.Single();

    /// <summary>Starts to take requests.</summary>
    public static async Task<OtlpSink> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        var application = builder.Build();
        application.Run(TakeAsync);
        await application.StartAsync();
        return new OtlpSink(application);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private static async Task TakeAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.ContentType = "application/grpc";
        // An empty message: not compressed, no bytes.
        await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
