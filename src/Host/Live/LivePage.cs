using System.Collections.Frozen;
using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace ElasticityStream.Host.Live;

/// <summary>Answers a browser: the page and its parts, which are embedded in this program, and what is sent to it while it is open.</summary>
internal sealed class LivePage(LiveRun run)
{
    /// <summary>The most viewers at a time.</summary>
    public const int MostViewers = 64;

    /// <summary>Where a viewer connects.</summary>
    public const string Events = "/live";

    private const string Resources = "live/";
    private const string Index = "/index.html";

    // Nothing but what this server sends: the page needs no network, and nothing in a study's names can run in it.
    private const string OwnContentOnly = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly FrozenDictionary<string, (byte[] Content, string Type)> Parts = typeof(LivePage).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Resources, StringComparison.Ordinal))
        .ToFrozenDictionary(name => $"/{name[Resources.Length..]}", name => (Read(name), TypeOf(name)), StringComparer.Ordinal);

    private int _viewers;

    /// <summary>Answers, if the page or a part of it was asked for.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
            return false;
        if (context.Request.Path == Events)
        {
            await WatchAsync(context);
            return true;
        }

        var path = context.Request.Path == "/" ? Index : context.Request.Path.Value ?? "";
        if (!Parts.TryGetValue(path, out var part))
            return false;
        context.Response.ContentType = part.Type;
        context.Response.ContentLength = part.Content.Length;
        // Another run, of another version, may be served at the same address tomorrow.
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.ContentSecurityPolicy = OwnContentOnly;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.Body.WriteAsync(part.Content, context.RequestAborted);
        return true;
    }

    private async Task WatchAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (LiveView.Of(query["measure"], query["order"]) is not { } view)
        {
            await RefuseAsync(
                context, StatusCodes.Status400BadRequest,
                $"measure is one of {string.Join(", ", LiveView.Measures)}; order is one of {string.Join(", ", LiveView.Orders)}.");
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _viewers) <= MostViewers)
                await TypedResults.ServerSentEvents(run.WatchAsync(view, context.RequestAborted)).ExecuteAsync(context);
            else
                await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{MostViewers} viewers are looking already.");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The viewer has left.
        }
        finally
        {
            Interlocked.Decrement(ref _viewers);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaTypeNames.Text.Plain;
        return context.Response.WriteAsync($"{message}\n", context.RequestAborted);
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(LivePage).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"What kind of content {other} is, is not known."),
    };
}
