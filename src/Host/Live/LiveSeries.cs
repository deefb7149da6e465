using System.Diagnostics.Metrics;

namespace ElasticityStream.Host.Live;

/// <summary>One series of the live page: an instrument at one set of tags.</summary>
/// <param name="Name">The instrument's name; of a histogram with ".sum" or ".count" behind it.</param>
/// <param name="Tags">The values of its tags.</param>
internal sealed record LiveSeries(string Name, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>The name of a series of the page's own: how many steps of a model were measured, where its charts put a row.</summary>
    public const string Steps = "steps";

    /// <summary>That of one model.</summary>
    public static LiveSeries StepsOf(string model) => new(Steps, new Dictionary<string, string>(StringComparer.Ordinal) { ["model"] = model });

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
