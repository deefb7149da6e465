using System.Net.Mime;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace ElasticityStream.Host.Telemetry;

/// <summary>
/// Serves a run over HTTP while it lasts: the live page, <c>/metrics</c> for Prometheus, <c>/healthz</c> (the process is alive and the study has not
/// failed) and <c>/readyz</c> (steps are being taken, or waited for).
/// </summary>
internal sealed class TelemetryServer : IAsyncDisposable
{
    // For answers that are under way, and for viewers to hear that the run is over.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(1);

    private readonly WebApplication _application;

    private TelemetryServer(WebApplication application) => _application = application;

    /// <summary>Starts to answer.</summary>
    /// <param name="listener">The bound socket.</param>
    /// <param name="run">What is served.</param>
    /// <param name="meter">Knows what the run is doing.</param>
    /// <param name="metrics">What is scraped.</param>
    /// <param name="live">What is shown.</param>
    /// <param name="logs">Where failures of the server go.</param>
    public static async Task<TelemetryServer> StartAsync(
        TelemetryListener listener, RunIdentity run, ElasticityMeter meter, MeterProvider metrics, LiveRun live, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<Microsoft.Extensions.Hosting.IHostLifetime, Commands.NoSignalsLifetime>();
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(o => o.ShutdownTimeout = StopWithin);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o =>
        {
            o.AddServerHeader = false;
            o.Listen(listener.EndPoint);
        });
        builder.WebHost.UseSockets(o => o.CreateBoundListenSocket = _ => listener.Socket);
        var application = builder.Build();
        application.UseOpenTelemetryPrometheusScrapingEndpoint(
            metrics, context => IsAsked(context, "/metrics"), path: null, configureBranchedPipeline: null, optionsName: null);
        var page = new LivePage(live);
        application.Run(context => AnswerAsync(context, run, meter, page));
        await application.StartAsync();
        return new TelemetryServer(application);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private static bool IsAsked(HttpContext context, string path) =>
        HttpMethods.IsGet(context.Request.Method) && context.Request.Path == path;

    private static async Task AnswerAsync(HttpContext context, RunIdentity run, ElasticityMeter meter, LivePage page)
    {
        var state = meter.State;
        if (IsAsked(context, "/healthz"))
        {
            await WriteStateAsync(context, run, state, state != StudyState.Failed);
        }
        else if (IsAsked(context, "/readyz"))
        {
            await WriteStateAsync(context, run, state, state is StudyState.Running or StudyState.Idle);
        }
        else if (!await page.TryAnswerAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = MediaTypeNames.Text.Plain;
            await context.Response.WriteAsync($"Run {run.Run} of {run.Study}. There are /, /metrics, /healthz and /readyz, all for GET.\n");
        }
    }

    private static Task WriteStateAsync(HttpContext context, RunIdentity run, StudyState state, bool isGood)
    {
        context.Response.StatusCode = isGood ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsJsonAsync(
            new RunStatus(run.Study, run.Run, state.ToString().ToLowerInvariant()), RunStatusJson.Default.RunStatus, cancellationToken: context.RequestAborted);
    }
}
