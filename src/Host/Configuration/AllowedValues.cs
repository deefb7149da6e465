namespace ElasticityStream.Host.Configuration;

/// <summary>What may be stated for a key, in the words that errors and documentation share.</summary>
internal static class AllowedValues
{
    /// <summary>What may be stated for one key.</summary>
    /// <param name="property">The key.</param>
    /// <param name="ownWords">What an attribute of the property says instead, or null.</param>
    public static string Describe(OptionsProperty property, string? ownWords)
    {
        var one = ownWords ?? Single(property.Shape, property.Limits);
        if (property.MinimumLength > 0 && ownWords is null)
        {
            one += property.Shape.Kind == ValueKind.List
                ? $", at least {property.MinimumLength} of them"
                : $" of at least {property.MinimumLength} character{(property.MinimumLength > 1 ? "s" : "")}";
        }

        return property.IsNullable ? $"{one}, or null" : one;
    }

    /// <summary>One value, or the list as a whole.</summary>
    public static string Single(ValueShape shape, ValueLimits limits) => shape.Kind switch
    {
        ValueKind.Boolean => "true or false",
        ValueKind.Integer => "an integer" + limits.Words,
        ValueKind.Number => "a number" + limits.Words,
        ValueKind.Text => "text",
        ValueKind.Choice => "one of " + string.Join(", ", ChoiceNames.All(shape.Type)),
        ValueKind.LearningRate => "a number greater than 0, or auto",
        ValueKind.Passes => "an integer of at least 1, or unlimited",
        ValueKind.List => ListOf(shape.Element!, limits),
        _ => "a section",
    };

    private static string ListOf(ValueShape element, ValueLimits limits)
    {
        var each = limits.Words.Length == 0 ? "" : ", each" + limits.Words;
        return element.Kind switch
        {
            ValueKind.Integer => "a list of integers" + each,
            ValueKind.Number => "a list of numbers" + each,
            ValueKind.Text => "a list of texts",
            ValueKind.Choice => "a list with values among " + string.Join(", ", ChoiceNames.All(element.Type)),
            ValueKind.Section => "a list of sections",
            _ => "a list, each " + Single(element, limits),
        };
    }
}
