using ScottPlot;

namespace ElasticityStream.Host.Plots;

/// <summary>The two lines above a plot, flush with the left end of its axis: what is shown, and of which study and model.</summary>
internal sealed class FigureHeading : IPanel
{
    private const float Height = 92;
    private const float HeightOfTitleAlone = 60;
    private const float BottomGap = 14;
    private const float LineGap = 34;

    private readonly LabelStyle _title;
    private readonly LabelStyle? _subtitle;

    /// <summary>Without a subtitle the title heads one panel of a larger figure and is set smaller.</summary>
    public FigureHeading(string title, string? subtitle)
    {
        _title = Title(title);
        _subtitle = subtitle is null ? null : Subtitle(subtitle);
        if (subtitle is null)
            _title.FontSize = FigureStyle.TextSize;
    }

    public bool IsVisible { get; set; } = true;

    public float MinimumSize { get; set; }

    public float MaximumSize { get; set; } = float.MaxValue;

    public Edge Edge => Edge.Top;

    public bool ShowDebugInformation { get; set; }

    public static LabelStyle Title(string text) => new()
    {
        Text = text,
        FontName = PlotFont.Name,
        FontSize = FigureStyle.TitleSize,
        Bold = true,
        Alignment = Alignment.LowerLeft,
    };

    public static LabelStyle Subtitle(string text) => new()
    {
        Text = text,
        FontName = PlotFont.Name,
        FontSize = FigureStyle.TextSize,
        ForeColor = FigureStyle.Grey,
        Alignment = Alignment.LowerLeft,
    };

    public float Measure(Paint paint) => _subtitle is null ? HeightOfTitleAlone : Height;

    public PixelRect GetPanelRect(PixelRect dataRect, float size, float offset, Paint paint) =>
        new(dataRect.Left, dataRect.Right, dataRect.Top - offset, dataRect.Top - offset - size);

    public void Render(RenderPack rp, float size, float offset)
    {
        using var paint = Paint.NewDisposablePaint();
        var bottom = rp.DataRect.Top - offset - BottomGap;
        _subtitle?.Render(rp.Canvas, new Pixel(rp.DataRect.Left, bottom), paint);
        _title.Render(rp.Canvas, new Pixel(rp.DataRect.Left, _subtitle is null ? bottom : bottom - LineGap), paint);
    }
}
