using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ElasticityStream.Streams;

namespace ElasticityStream.Host.Configuration;

/// <summary>Turns <see cref="StudyNode"/>s into options classes and notes everything that is wrong on the way.</summary>
internal sealed class StudyBinder
{
    private readonly KnownSources _sources;
    private readonly List<ConfigurationError> _errors;
    private readonly Dictionary<string, ConfigurationPlace> _places = [];

    /// <summary>Keys that are probably there under a misspelt name: calling them missing too would be noise.</summary>
    private readonly HashSet<string> _misspelt = [];

    public StudyBinder(KnownSources sources, List<ConfigurationError> errors)
    {
        _sources = sources;
        _errors = errors;
    }

    /// <summary>Binds the whole study. Values that are wrong keep their defaults, or null, and are among the errors.</summary>
    public StudyConfiguration Bind(SectionNode root)
    {
        _places[""] = root.Place;
        return (StudyConfiguration)BindSection(root, typeof(StudyConfiguration), "", root.Place);
    }

    /// <summary>Whether the value at a path can be relied on: neither it nor anything around or in it is wrong.</summary>
    public bool IsSound(string path) =>
        !_misspelt.Any(missing => StudyPath.IsWithin(path, missing))
        && !_errors.Exists(error => error.Path.Length > 0 && (StudyPath.IsWithin(path, error.Path) || StudyPath.IsWithin(error.Path, path)));

    /// <summary>Where a value is stated, or the innermost section that lacks it.</summary>
    public ConfigurationPlace PlaceOf(string path)
    {
        for (var at = path; at is not null; at = StudyPath.Parent(at))
        {
            if (_places.TryGetValue(at, out var place))
                return place;
        }

        return _places[""];
    }

    private object BindSection(StudyNode? node, Type type, string path, ConfigurationPlace place)
    {
        var instance = Activator.CreateInstance(type)!;
        var keys = OptionsKeys.Of(type);
        IReadOnlyList<SectionEntry> entries = node is SectionNode section ? section.Entries : [];
        var stated = new Dictionary<string, SectionEntry>();
        foreach (var entry in entries)
        {
            if (keys.Find(entry.Key) is not null)
                stated.Add(entry.Key, entry);
            else
                ReportUnknown(entry, keys, path);
        }

        foreach (var property in keys.Properties)
        {
            var propertyPath = StudyPath.Join(path, property.Key);
            var value = stated.TryGetValue(property.Key, out var found)
                ? BindStated(found, property, propertyPath, instance)
                : BindAbsent(property, propertyPath, place, instance);
            if (value is not Unbound)
                property.Info.SetValue(instance, value);
        }

        return instance;
    }

    private object? BindStated(SectionEntry entry, OptionsProperty property, string path, object instance)
    {
        var node = entry.Value;
        _places[path] = node is SectionNode ? entry.KeyPlace : node.Place;
        if (node is ScalarNode { IsNull: true } && property.IsNullable)
            return null;
        if (property.Shape.Kind is ValueKind.Section or ValueKind.SourceOptions)
            return BindStatedSection(node, property, path, instance);
        if (!TryBindValue(node, property, property.Shape, path, out var value))
            return Unbound.Value;
        return IsValid(value, property, path, node, instance) ? value : Unbound.Value;
    }

    /// <summary>A section whose every key is commented out is nothing to YAML; here it is a section that states nothing.</summary>
    private object? BindStatedSection(StudyNode node, OptionsProperty property, string path, object instance)
    {
        if (node is not SectionNode and not ScalarNode { IsNull: true })
        {
            Report(node.Place, path, $"expected a section, found {UserText.Found(node)}");
            return Unbound.Value;
        }

        return SectionType(property, instance) is { } type ? BindSection(node, type, path, _places[path]) : Unbound.Value;
    }

    private object? BindAbsent(OptionsProperty property, string path, ConfigurationPlace place, object instance)
    {
        var isSection = property.Shape.Kind is ValueKind.Section or ValueKind.SourceOptions;
        if (!property.IsRequired || _misspelt.Contains(path))
            return Unbound.Value;
        if (isSection)
            return SectionType(property, instance) is { } type ? BindSection(null, type, path, place) : Unbound.Value;
        Report(place, path, $"missing, expected {Allowed(property, path)}");
        return Unbound.Value;
    }

    private Type? SectionType(OptionsProperty property, object instance) => property.Shape.Kind == ValueKind.Section
        ? property.Shape.Type
        : instance is SourceSection { Type: { } name } ? _sources.Find(name)?.OptionsType : null;

    private bool TryBindValue(StudyNode node, OptionsProperty property, ValueShape shape, string path, out object? value)
    {
        value = null;
        if (shape.Kind == ValueKind.List)
            return TryBindList(node, property, shape, path, out value);
        if (shape.Kind == ValueKind.Section && node is SectionNode)
        {
            value = BindSection(node, shape.Type, path, node.Place);
            return true;
        }

        if (node is ScalarNode scalar && (value = Parse(scalar, shape, property.Limits)) is not null)
            return true;
        Report(node.Place, path, Unexpected(node, property, shape, path));
        return false;
    }

    private bool TryBindList(StudyNode node, OptionsProperty property, ValueShape shape, string path, out object? value)
    {
        value = null;
        if (node is not ListNode list)
        {
            var advice = node is ScalarNode { IsNull: false } scalar ? $"; a list of one is written [{UserText.Key(scalar.Value)}]" : "";
            Report(node.Place, path, $"expected {Allowed(property, path)}, found {UserText.Found(node)}{advice}");
            return false;
        }

        var element = shape.Element!;
        var items = Array.CreateInstance(element.Type, list.Items.Count);
        var isSound = true;
        for (var i = 0; i < items.Length; i++)
        {
            if (TryBindValue(list.Items[i], property, element, $"{path}[{i}]", out var item))
                items.SetValue(item, i);
            else
                isSound = false;
        }

        value = shape.Type.IsInstanceOfType(items) ? items : Activator.CreateInstance(shape.Type, items);
        return isSound;
    }

    /// <summary>The value of the property's type, or null if the text is not one.</summary>
    private static object? Parse(ScalarNode scalar, ValueShape shape, ValueLimits limits)
    {
        if (shape.Kind == ValueKind.Text)
            return scalar.IsNull ? null : scalar.Value;
        if (shape.Kind == ValueKind.Choice)
            return ChoiceNames.Find(shape.Type, scalar.Value);
        if (scalar.IsQuoted)
            return null;
        return shape.Kind switch
        {
            ValueKind.Boolean => scalar.Value switch
            {
                "true" or "True" or "TRUE" => true,
                "false" or "False" or "FALSE" => false,
                _ => null,
            },
            ValueKind.Integer => ParseInteger(scalar.Value, shape.Type, limits),
            ValueKind.Number => ParseNumber(scalar.Value, shape.Type, limits),
            ValueKind.LearningRate => LearningRateSetting.TryParse(scalar.Value, out var rate) ? rate : null,
            ValueKind.Passes => PassesSetting.TryParse(scalar.Value, out var passes) ? passes : null,
            _ => null,
        };
    }

    private static object? ParseInteger(string text, Type type, ValueLimits limits)
    {
        var (lowest, highest) = ValueLimits.OfType(type);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= lowest && number <= highest && limits.Allow(number)
                ? Convert.ChangeType(number, type, CultureInfo.InvariantCulture)
                : null;
    }

    private static object? ParseNumber(string text, Type type, ValueLimits limits)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !limits.Allow(number))
            return null;
        if (type == typeof(double))
            return double.IsFinite(number) ? number : null;
        // Parsed as what it is: rounding to double first can end in the neighbouring float.
        var single = float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return float.IsFinite(single) ? single : null;
    }

    private bool IsValid(object? value, OptionsProperty property, string path, StudyNode node, object instance)
    {
        if (path == "source.type" && _sources.Find((string)value!) is null)
        {
            Report(node.Place, path, $"expected {Allowed(property, path)}, found {UserText.Found(node)}{Meant(node, _sources.Names)}");
            return false;
        }

        var context = new ValidationContext(instance) { MemberName = property.Info.Name, DisplayName = path };
        foreach (var validation in property.Validations)
        {
            if (validation.GetValidationResult(value, context) is not { } failure)
                continue;
            Report(node.Place, path, IsInWords(validation) ? Unexpected(node, property, property.Shape, path) : failure.ErrorMessage!);
            return false;
        }

        return true;
    }

    /// <summary>Whether what an attribute demands is part of <see cref="OptionsProperty.Allowed"/>.</summary>
    private static bool IsInWords(ValidationAttribute validation) =>
        validation.ErrorMessage is not null || validation is RequiredAttribute or MinLengthAttribute;

    private void ReportUnknown(SectionEntry entry, OptionsKeys keys, string section)
    {
        var meant = Spelling.Nearest(entry.Key, keys.Names);
        if (meant is not null)
            _misspelt.Add(StudyPath.Join(section, meant));
        var question = meant is null ? "" : $", did you mean {meant}?";
        var allowed = keys.Properties.Count == 0 ? "no keys are allowed here" : $"allowed: {string.Join(", ", keys.Names)}";
        Report(entry.KeyPlace, StudyPath.Join(section, entry.Key), $"unknown key{question}{(meant is null ? ";" : "")} {allowed}");
    }

    private string Unexpected(StudyNode node, OptionsProperty property, ValueShape shape, string path)
    {
        var allowed = shape == property.Shape ? Allowed(property, path) : AllowedValues.Single(shape, property.Limits);
        // An integer within its limits can still be too large for its type.
        if (shape.Kind is ValueKind.Integer or ValueKind.Passes && node is ScalarNode { IsQuoted: false, Value: { Length: > 0 } digits }
            && digits.TrimStart('-', '+').All(char.IsAsciiDigit)
            && double.TryParse(digits, CultureInfo.InvariantCulture, out var number)
            && (shape.Kind == ValueKind.Passes ? number >= 1 : property.Limits.Allow(number)))
        {
            var type = shape.Kind == ValueKind.Passes ? typeof(int) : shape.Type;
            var extreme = type.GetField(number > 0 ? nameof(int.MaxValue) : nameof(int.MinValue))!.GetValue(null);
            allowed += $", at {(number > 0 ? "most" : "least")} {extreme}";
        }

        var choices = shape.Kind switch
        {
            ValueKind.Choice => ChoiceNames.All(shape.Type),
            ValueKind.LearningRate => ["auto"],
            ValueKind.Passes => ["unlimited"],
            ValueKind.Boolean => ["true", "false"],
            _ => [],
        };
        return $"expected {allowed}, found {UserText.Found(node)}{Meant(node, choices)}";
    }

    private string Allowed(OptionsProperty property, string path) =>
        path == "source.type" ? $"one of {string.Join(", ", _sources.Names)}" : property.Allowed;

    private static string Meant(StudyNode node, IEnumerable<string> known) =>
        node is ScalarNode { IsNull: false, Value: var value } && Spelling.Nearest(value, known) is { } meant ? $"; did you mean {meant}?" : "";

    private void Report(ConfigurationPlace place, string path, string message) => _errors.Add(new ConfigurationError(place, path, message));

    /// <summary>Stands for "leave the property as it is", since null is a value.</summary>
    private sealed class Unbound
    {
        public static readonly Unbound Value = new();
    }
}
