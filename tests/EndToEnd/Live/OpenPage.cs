using Microsoft.Playwright;

namespace ElasticityStream.EndToEnd.Live;

/// <summary>A page in a browser, everything that it complained of, and every address that it asked.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private const int Bound = 60_000;

    private readonly IBrowserContext _context;

    private OpenPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.SetDefaultTimeout(Bound);
        page.Console += (_, message) => Complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Complaints.Add(error);
        page.Request += (_, request) => Asked.Add(new Uri(request.Url));
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public List<Uri> Asked { get; } = [];

    public static async Task<OpenPage> OpenAsync(IBrowserContext context, Uri address)
    {
        var opened = new OpenPage(context, await context.NewPageAsync());
        await opened.Page.GotoAsync(address.ToString());
        return opened;
    }

    /// <summary>Waits until an expression of the page is true.</summary>
    public Task UntilAsync(string expression, object? argument = null) => Page.WaitForFunctionAsync(expression, argument);

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
