using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ElasticityStream.Host.Configuration;

/// <summary>Options classes as YAML, every key stated; the same values always give the same text.</summary>
internal static partial class StudyText
{
    /// <summary>A section as YAML, one key a line, sections in it indented by two.</summary>
    public static string Of(object section)
    {
        var text = new StringBuilder();
        AppendBlock(text, section, 0);
        return text.ToString();
    }

    /// <summary>One value on one line.</summary>
    public static string Inline(object? value) => value switch
    {
        null => "null",
        bool boolean => boolean ? "true" : "false",
        Enum choice => ChoiceNames.Of(choice),
        string text => Quoted(text),
        double number => NumberText.Of(number),
        float number => NumberText.Of(number),
        LearningRateSetting rate => rate.ToString(),
        PassesSetting passes => passes.ToString(),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Inline))}]",
        IFormattable integer when value.GetType().IsPrimitive => integer.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{{{string.Join(", ", Values(value).Select(pair => $"{pair.Key}: {Inline(pair.Value)}"))}}}",
    };

    private static void AppendBlock(StringBuilder text, object section, int indent)
    {
        foreach (var property in OptionsKeys.Of(section.GetType()).Properties)
        {
            var value = property.Info.GetValue(section);
            text.Append(' ', indent).Append(property.Key).Append(':');
            var isBlock = property.Shape.Kind is ValueKind.Section or ValueKind.SourceOptions
                && value is not null && OptionsKeys.Of(value.GetType()).Properties.Count > 0;
            if (isBlock)
            {
                text.Append('\n');
                AppendBlock(text, value!, indent + 2);
            }
            else
            {
                text.Append(' ').Append(Inline(value)).Append('\n');
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Values(object section) =>
        OptionsKeys.Of(section.GetType()).Properties.Select(property => KeyValuePair.Create(property.Key, property.Info.GetValue(section)));

    /// <summary>Quotes whatever any YAML reader could take for something else than text.</summary>
    private static string Quoted(string text)
    {
        if (PlainText().IsMatch(text) && !Reserved().IsMatch(text))
            return text;
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => "\\n",
                '\t' => "\\t",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF' =>
                    string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z_./][A-Za-z0-9_./-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlainText();

    /// <summary>Null, booleans and not-a-numbers of YAML 1.1 and 1.2, and numbers that start with a point.</summary>
    [GeneratedRegex(@"^(null|true|false|yes|no|on|off|y|n|\..*)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reserved();
}
