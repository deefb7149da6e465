namespace ElasticityStream.Host.Configuration;

/// <summary>
/// A value as a study states it, with its place. Immutable; an alias shares the node of its anchor, so that a few bytes of
/// nested aliases cannot grow into gigabytes.
/// </summary>
/// <param name="Place">Where the value starts.</param>
/// <param name="Size">The number of values in it, each alias counted as the values it stands for.</param>
internal abstract record StudyNode(ConfigurationPlace Place, long Size);

/// <summary>A single value.</summary>
/// <param name="Place">Where it starts.</param>
/// <param name="Value">Its text, without quotes.</param>
/// <param name="IsQuoted">Whether it was written in quotes or as a block, and so is text whatever it looks like.</param>
internal sealed record ScalarNode(ConfigurationPlace Place, string Value, bool IsQuoted) : StudyNode(Place, 1)
{
    public bool IsNull => !IsQuoted && Value is "" or "~" or "null" or "Null" or "NULL";
}

internal sealed record ListNode(ConfigurationPlace Place, IReadOnlyList<StudyNode> Items)
    : StudyNode(Place, 1 + Items.Sum(item => item.Size));

internal sealed record SectionNode(ConfigurationPlace Place, IReadOnlyList<SectionEntry> Entries)
    : StudyNode(Place, 1 + Entries.Sum(entry => entry.Value.Size))
{
    public SectionEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);

    /// <summary>The same section with one entry added or replaced.</summary>
    public SectionNode With(SectionEntry entry) =>
        new(Place, [.. Entries.Where(existing => existing.Key != entry.Key), entry]);
}

internal sealed record SectionEntry(string Key, ConfigurationPlace KeyPlace, StudyNode Value);
