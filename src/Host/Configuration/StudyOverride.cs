namespace ElasticityStream.Host.Configuration;

/// <summary>One <c>--set path=value</c>, laid over the values of the file.</summary>
internal static class StudyOverride
{
    private const string Example = "expected path=value, such as training.passes=5";

    /// <summary>The study with the override in it; the study as it was if the override is wrong, which is then among the errors.</summary>
    public static SectionNode Apply(SectionNode study, string text, List<ConfigurationError> errors)
    {
        var place = new ConfigurationPlace($"--set {UserText.Key(text)}");
        var split = text.IndexOf('=', StringComparison.Ordinal);
        var path = split < 0 ? text : text[..split].Trim();
        var keys = path.Split('.');
        if (split < 0 || keys.Any(key => key.Length == 0))
        {
            errors.Add(new ConfigurationError(place, "", split < 0 ? $"has no =, {Example}" : $"has an empty key, {Example}"));
            return study;
        }

        var before = errors.Count;
        var value = StudyYamlReader.Read(text[(split + 1)..], _ => place, errors) ?? new ScalarNode(place, "", IsQuoted: false);
        return errors.Count > before ? study : Set(study, keys, 0, value, place, errors);
    }

    private static SectionNode Set(
        SectionNode section, string[] keys, int depth, StudyNode value, ConfigurationPlace place, List<ConfigurationError> errors)
    {
        var key = keys[depth];
        if (depth == keys.Length - 1)
            return section.With(new SectionEntry(key, place, value));
        var existing = section.Find(key);
        SectionNode inner;
        switch (existing?.Value)
        {
            case SectionNode stated:
                inner = stated;
                break;
            case null or ScalarNode { IsNull: true }:
                inner = new SectionNode(place, []);
                break;
            case { } other:
                errors.Add(new ConfigurationError(
                    place,
                    string.Join('.', keys[..(depth + 1)]),
                    $"is not a section but {UserText.Found(other)}, so that it has no key {UserText.Key(keys[depth + 1])}"));
                return section;
        }

        return section.With(new SectionEntry(key, existing?.KeyPlace ?? place, Set(inner, keys, depth + 1, value, place, errors)));
    }
}
