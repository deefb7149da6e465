using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ElasticityStream.Host.Configuration;

/// <summary>
/// Reads YAML into <see cref="StudyNode"/>s. It stands on the parser's events rather than on the library's node tree, which
/// recurses without a limit and hashes whole trees when they are keys.
/// </summary>
internal sealed class StudyYamlReader
{
    private const int MaximumDepth = 32;
    private const int MaximumSize = 100_000;

    private readonly Parser _parser;
    private readonly Func<Mark, ConfigurationPlace> _place;
    private readonly List<ConfigurationError> _errors;
    private readonly Dictionary<string, StudyNode> _anchors = [];

    private StudyYamlReader(string text, Func<Mark, ConfigurationPlace> place, List<ConfigurationError> errors)
    {
        _parser = new Parser(new StringReader(text));
        _place = place;
        _errors = errors;
    }

    /// <summary>Reads the one document of a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="place">Turns a position in the text into a place for the user.</param>
    /// <param name="errors">Receives what is wrong.</param>
    /// <returns>Null if the text has no value (nothing but comments), or if it is not YAML, which is then among the errors.</returns>
    public static StudyNode? Read(string text, Func<Mark, ConfigurationPlace> place, List<ConfigurationError> errors)
    {
        try
        {
            return new StudyYamlReader(text, place, errors).ReadDocument();
        }
        catch (YamlException exception)
        {
            errors.Add(new ConfigurationError(place(exception.Start), "", $"not valid YAML: {UserText.OneLine(exception.Message)}"));
            return null;
        }
    }

    private StudyNode? ReadDocument()
    {
        Next();
        if (Next() is StreamEnd)
            return null;
        var root = ReadValue(Next(), "", null, 0);
        Next();
        if (Next() is not StreamEnd and var second)
            throw new YamlException(second.Start, second.End, "a second document starts here, expected one study per file");
        return root;
    }

    private ParsingEvent Next()
    {
        var last = _parser.Current?.End ?? Mark.Empty;
        try
        {
            return _parser.MoveNext() ? _parser.Current! : throw new YamlException(last, last, "the text ends too early");
        }
        catch (Exception exception) when (exception is not YamlException)
        {
            // The parser's own checks have gaps: a document end in the wrong place is an InvalidOperationException, an escaped
            // surrogate an ArgumentOutOfRangeException. It reads from memory, so that the cause is always the text.
            throw new YamlException(last, last, $"unreadable after this place ({UserText.OneLine(exception.Message)})", exception);
        }
    }

    /// <summary>Reads one value with everything in it.</summary>
    /// <param name="start">The first event of the value.</param>
    /// <param name="path">Where the value stands in the study.</param>
    /// <param name="key">The place of the key, if the value has one: that of a value of no characters.</param>
    /// <param name="depth">How many sections and lists are around it.</param>
    private StudyNode ReadValue(ParsingEvent start, string path, ConfigurationPlace? key, int depth)
    {
        if (depth > MaximumDepth)
            throw new YamlException(start.Start, start.End, $"nested deeper than {MaximumDepth} levels");
        if (start is AnchorAlias alias)
        {
            return _anchors.TryGetValue(alias.Value.Value, out var meant)
                ? meant with { Place = _place(alias.Start) }
                : throw new YamlException(alias.Start, alias.End, $"*{alias.Value.Value} names no anchor that was completed before");
        }

        var place = _place(start.Start);
        StudyNode node = start switch
        {
            Scalar scalar => new ScalarNode(
                scalar is { Value.Length: 0, Style: ScalarStyle.Plain } && key is not null ? key : place, scalar.Value, scalar.Style != ScalarStyle.Plain),
            SequenceStart => new ListNode(place, ReadItems(path, depth)),
            MappingStart => new SectionNode(place, ReadEntries(path, depth)),
            _ => throw new YamlException(start.Start, start.End, "expected a value"),
        };
        if (node.Size > MaximumSize)
            throw new YamlException(start.Start, start.End, $"more than {MaximumSize} values");
        if (start is NodeEvent { Anchor.IsEmpty: false } anchored)
            _anchors[anchored.Anchor.Value] = node;
        if (start is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } tag })
            _errors.Add(new ConfigurationError(place, path, $"tags are not allowed in a study, found {UserText.Quote(tag.Value)}"));
        return node;
    }

    private List<StudyNode> ReadItems(string path, int depth)
    {
        var items = new List<StudyNode>();
        for (var next = Next(); next is not SequenceEnd; next = Next())
            items.Add(ReadValue(next, $"{path}[{items.Count}]", null, depth + 1));
        return items;
    }

    private List<SectionEntry> ReadEntries(string path, int depth)
    {
        var entries = new List<SectionEntry>();
        var places = new Dictionary<string, ConfigurationPlace>();
        for (var next = Next(); next is not MappingEnd; next = Next())
        {
            if (ReadValue(next, path, null, depth + 1) is not ScalarNode key)
                throw new YamlException(next.Start, next.End, "expected a key, found a list or a section");
            var keyPath = StudyPath.Join(path, key.Value);
            var value = ReadValue(Next(), keyPath, key.Place, depth + 1);
            if (places.TryAdd(key.Value, key.Place))
                entries.Add(new SectionEntry(key.Value, key.Place, value));
            else
                _errors.Add(new ConfigurationError(key.Place, keyPath, $"stated twice, the first time on line {places[key.Value].Line}"));
        }

        return entries;
    }
}
