using ScottPlot;
using SkiaSharp;

namespace ElasticityStream.Host.Plots;

/// <summary>
/// The font of all plots, Roboto, from this assembly. A machine without fonts draws no text at all otherwise, and says nothing.
/// </summary>
internal static class PlotFont
{
    public const string Name = "ElasticityStream Roboto";

    private static readonly Lazy<bool> Registered = new(Register);

    /// <summary>Makes the font ScottPlot's default, once in a process.</summary>
    public static void Use() => _ = Registered.Value;

    private static bool Register()
    {
        // At the front: ScottPlot asks its resolvers in order, and those of the system answer with whatever is installed.
        Fonts.FontResolvers.Insert(0, new EmbeddedFont());
        Fonts.Default = Name;
        Fonts.Sans = Name;
        return true;
    }

    private sealed class EmbeddedFont : IFontResolver
    {
        private readonly SKTypeface _regular = Load("Roboto-Regular.ttf");
        private readonly SKTypeface _medium = Load("Roboto-Medium.ttf");

        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            fontName == Name ? weight > FontWeight.Medium ? _medium : _regular : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
            fontName == Name ? bold ? _medium : _regular : null;

        private static SKTypeface Load(string resource)
        {
            using var stream = typeof(PlotFont).Assembly.GetManifestResourceStream(resource)
                ?? throw new InvalidOperationException($"The font {resource} is not embedded in {typeof(PlotFont).Assembly.GetName().Name}.");
            return SKTypeface.FromStream(stream)
                ?? throw new InvalidOperationException($"The embedded font {resource} cannot be read.");
        }
    }
}
