using System.Diagnostics.Metrics;

namespace ElasticityStream.Host.Live;

/// <summary>One series of the live page: an instrument at one set of tags.</summary>
/// <param name="Name">The instrument's name; of a histogram with ".sum" or ".count" behind it.</param>
/// <param name="Tags">The values of its tags.</param>
internal sealed record LiveSeries(string Name, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>Tells it from every other series.</summary>
    public string Key() => $"{Name}{{{string.Join(',', Tags.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value}"))}}}";

    public static LiveSeries Of(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags, string part = "")
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags)
            values[tag.Key] = $"{tag.Value}";
        return new LiveSeries(instrument.Name + part, values);
    }
}
