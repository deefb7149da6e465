using System.Globalization;
using ElasticityStream.EndToEnd.Fixtures;
using ElasticityStream.EndToEnd.Telemetry;
using Microsoft.Playwright;

namespace ElasticityStream.EndToEnd.Live;

/// <summary>The live page of a real run in a real browser.</summary>
public sealed class LivePageTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Charts_and_the_matrix_move_while_the_study_runs_and_the_end_is_told()
    {
        using var run = await WatchedRun.StartAsync(_folder, port: 0);
        await using var opened = await browser.OpenAsync(run.Address);
        var page = opened.Page;

        foreach (var chart in new[] { "index", "similarity", "loss", "accuracy", "clustering", "clusters", "churn", "rate", "probe", "pipeline", "memory" })
        {
            await page.WaitForSelectorAsync($"#chart-{chart} path.curve[d^=M]", new() { State = WaitForSelectorState.Attached });
            var before = await page.GetAttributeAsync($"#chart-{chart} path.curve", "d");
            await opened.UntilAsync($"before => document.querySelector('#chart-{chart} path.curve').getAttribute('d') !== before", before);
        }

        await page.WaitForSelectorAsync("#matrix[data-step]");
        var step = await page.GetAttributeAsync("#matrix", "data-step");
        await opened.UntilAsync("step => Number(document.querySelector('#matrix').dataset.step) > Number(step)", step);
        var done = await page.GetAttributeAsync("#bar", "aria-valuenow");
        Assert.InRange(int.Parse(done!, CultureInfo.InvariantCulture), 0, 100);
        Assert.Equal("running", await page.TextContentAsync("#state"));
        Assert.Equal("watched", await page.TextContentAsync("#study"));
        Assert.StartsWith(Path.GetFileName(RunFolder.Only(_folder.At("runs"), "watched").Root), await page.TextContentAsync("#run"), StringComparison.Ordinal);

        run.Host.Interrupt();
        await opened.UntilAsync("() => document.querySelector('#notice').textContent.startsWith('The run ended: interrupted')");
        (await run.Host.EndAsync()).Returned(0);
        Assert.Equal("ended", await page.TextContentAsync("#state"));
        Assert.Empty(opened.Complaints);
        Assert.All(opened.Asked, asked => Assert.Equal(run.Address.Authority, asked.Authority));
    }

    [Fact]
    public async Task Numbers_are_those_of_the_run()
    {
        using var run = await WatchedRun.StartAsync(_folder, port: 0);
        await using var opened = await browser.OpenAsync(run.Address);
        var page = opened.Page;
        await page.WaitForSelectorAsync("#matrix[data-step]");
        run.Host.Interrupt();
        await opened.UntilAsync("() => document.querySelector('#state').textContent === 'ended'");
        (await run.Host.EndAsync()).Returned(0);

        var folder = RunFolder.Only(_folder.At("runs"), "watched");
        var rejected = folder.Description().GetProperty("rejectedSamples").GetInt64();
        Assert.True(rejected > 0);
        Assert.Equal(rejected.ToString("N0", CultureInfo.InvariantCulture), await page.TextContentAsync("#figures dt:text-is('Rejected samples') + dd"));
        Assert.Equal("0", await page.TextContentAsync("#figures dt:text-is('Degenerate rows') + dd"));
        // The last that the page heard of the reference is what the study recorded: it is computed once.
        var reference = 0.0;
        folder.Query("select reference from elasticity_index where measure = 'relative' limit 1", row => reference = row.GetDouble(0));
        Assert.Equal(
            reference, double.Parse((await page.TextContentAsync("#chart-index button:has-text('reference relative') b"))!, CultureInfo.InvariantCulture), 5e-4);
    }

    [Fact]
    public async Task Charts_of_a_resumed_run_begin_where_the_study_did()
    {
        using (var first = await WatchedRun.StartAsync(_folder, port: 0))
        {
            await using var before = await browser.OpenAsync(first.Address);
            await before.Page.WaitForSelectorAsync("#chart-clustering path.curve[d^=M]", new() { State = WaitForSelectorState.Attached });
            first.Host.Interrupt();
            (await first.Host.EndAsync()).Returned(0);
        }

        using var run = await WatchedRun.ResumeAsync(_folder, RunFolder.Only(_folder.At("runs"), "watched"));
        await using var opened = await browser.OpenAsync(run.Address);
        var page = opened.Page;
        // Loss, index and clusterings were recorded from the first step on; how much memory the process before had was not.
        const string More =
            """
            chart => {
              const points = name => document.querySelector(`#chart-${name} path.curve`)?.getAttribute('d').match(/[ML]/g)?.length ?? 0;
              return points('memory') > 0 && points(chart) > 0 && points(chart) - points('memory') > 50;
            }
            """;
        foreach (var chart in new[] { "loss", "accuracy", "index", "clustering" })
            await opened.UntilAsync(More, chart);
        // When they were is not known: over time there is nothing before the resume.
        await page.SelectOptionAsync("[name=axis]", "time");
        await opened.UntilAsync($"chart => !({More})(chart) && document.querySelector(`#chart-${{chart}} path.curve`) !== null", "loss");
        Assert.NotEqual("–", await page.TextContentAsync("#figures dt:text-is('Checkpoint age') + dd"));
        Assert.Equal("0", await page.TextContentAsync("#figures dt:text-is('Rewinds') + dd"));
        Assert.Empty(opened.Complaints);
    }

    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(820, ColorScheme.Dark)]
    public async Task Page_fits_the_width_of_a_phone_in_light_and_dark(int width, ColorScheme scheme)
    {
        using var run = await WatchedRun.StartAsync(_folder, port: 0);
        await using var opened = await browser.OpenAsync(run.Address, width, 740, scheme);
        await opened.Page.WaitForSelectorAsync("#matrix[data-step]");
        await opened.Page.WaitForSelectorAsync("#chart-clustering path.curve[d^=M]", new() { State = WaitForSelectorState.Attached });
        Assert.Equal(width, await opened.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        var beyond = await opened.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))");
        Assert.Empty(beyond);
        var ground = await opened.Page.EvaluateAsync<int>("() => Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])");
        Assert.Equal(scheme == ColorScheme.Dark, ground < 128);
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task Viewer_chooses_the_measure_the_order_and_the_axis()
    {
        using var run = await WatchedRun.StartAsync(_folder, port: 0);
        await using var opened = await browser.OpenAsync(run.Address);
        var page = opened.Page;
        await page.SelectOptionAsync("[name=measure]", "relative");
        await page.SelectOptionAsync("[name=order]", "cluster");
        await opened.UntilAsync("() => /^Relative similarity of main.*ordered by cluster/.test(document.querySelector('#matrix-description').textContent)");
        await opened.UntilAsync("() => document.querySelector('#chart-clustering .legend').textContent.includes('kmeans')");
        Assert.DoesNotContain("kernel-kmeans", await page.TextContentAsync("#chart-clustering .legend"), StringComparison.Ordinal);

        await page.SelectOptionAsync("[name=axis]", "time");
        await opened.UntilAsync("() => [...document.querySelectorAll('#chart-loss svg.plot text')].some(t => / s$| min$/.test(t.textContent))");

        var shown = await page.Locator("#chart-index path.curve").CountAsync();
        await page.ClickAsync("#chart-index .legend button >> nth=0");
        await opened.UntilAsync("shown => document.querySelectorAll('#chart-index path.curve').length === shown - 1", shown);
        Assert.Empty(opened.Complaints);
    }
}
