using ElasticityStream.EndToEnd.Fixtures;
using Microsoft.Playwright;

namespace ElasticityStream.EndToEnd.Live;

/// <summary>A real Chromium; where none is installed, tests that need it are skipped and say so.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string? Program = Tool.Find("chromium");

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Program is null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    /// <summary>Opens a page.</summary>
    /// <param name="address">Of the page.</param>
    /// <param name="width">Of the window, in CSS pixels.</param>
    /// <param name="height">Of the window.</param>
    /// <param name="scheme">Light or dark.</param>
    internal async Task<OpenPage> OpenAsync(Uri address, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, "NOT TESTED: there is no chromium on the PATH.");
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
        return await OpenPage.OpenAsync(context, address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
