using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Live;

namespace ElasticityStream.Host.Tests.Live;

public sealed class LivePanelsTests
{
    [Fact]
    public void Every_instrument_is_on_the_page_or_deliberately_not()
    {
        var shown = LivePanels.Charts.SelectMany(c => c.Curves.Select(curve => curve.Instrument)).Concat(LivePanels.Figures.Select(f => f.Instrument)).ToHashSet();
        var notShown = LivePanels.NotShown.Select(i => i.Name).ToHashSet();
        Assert.Equal(Instruments.All.Select(i => i.Name).Order(StringComparer.Ordinal), shown.Concat(notShown).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Curves_are_told_apart_by_tags_that_their_instruments_have()
    {
        var tags = Instruments.All.ToDictionary(i => i.Name, i => i.Tags);
        Assert.All(LivePanels.Charts.SelectMany(c => c.Curves), c => Assert.Subset(tags[c.Instrument].ToHashSet(), c.By.ToHashSet()));
        Assert.All(LivePanels.Charts.Where(c => c.OneMeasure).SelectMany(c => c.Curves), c => Assert.Contains("measure", tags[c.Instrument]));
        Assert.All(LivePanels.Figures.Where(f => f.Only is not null), f => Assert.Contains(f.Only!.Split('=')[0], tags[f.Instrument]));
        Assert.Distinct(LivePanels.Charts.Select(c => c.Id));
    }

    [Fact]
    public void Parts_of_the_page_name_no_other_place()
    {
        var names = typeof(LivePanels).Assembly.GetManifestResourceNames().Where(n => n.StartsWith("live/", StringComparison.Ordinal)).ToArray();
        Assert.Contains("live/index.html", names);
        foreach (var name in names)
        {
            using var reader = new StreamReader(typeof(LivePanels).Assembly.GetManifestResourceStream(name)!);
            // The name of the SVG vocabulary is an address that nothing asks.
            var content = reader.ReadToEnd().Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.All(new[] { "http:", "https:", "\"//", "@import", "url(" }, elsewhere => Assert.DoesNotContain(elsewhere, content, StringComparison.OrdinalIgnoreCase));
        }
    }
}
