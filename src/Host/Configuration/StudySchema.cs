using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ElasticityStream.Host.Configuration;

/// <summary>The JSON schema (draft 2020-12) of study files, for editors. What only <see cref="StudyFile"/> checks is not in it: rules between values.</summary>
public static class StudySchema
{
    private static readonly JsonSerializerOptions Format =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of <c>configs/study.schema.json</c>, with a line end at its end.</summary>
    /// <param name="sources">The sources whose options are described.</param>
    /// <exception cref="NotSupportedException">The options class of a source has a property that cannot be written in a file.</exception>
    public static string Generate(KnownSources sources)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "ElasticityStream study",
        };
        foreach (var (key, value) in Section(typeof(StudyConfiguration), sources).ToList())
            schema[key] = value?.DeepClone();
        return schema.ToJsonString(Format) + "\n";
    }

    private static JsonObject Section(Type type, KnownSources sources)
    {
        var keys = OptionsKeys.Of(type);
        var properties = new JsonObject();
        foreach (var property in keys.Properties)
            properties[property.Key] = Property(property, sources);
        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        var required = keys.Properties.Where(property => property.IsRequired && !MayBeLeftOut(property)).Select(property => (JsonNode)property.Key).ToArray();
        if (required.Length > 0)
            schema["required"] = new JsonArray(required);
        if (type == typeof(SourceSection))
            DescribeSources(schema, sources);
        return schema;
    }

    /// <summary>The options of a source are required only if one of them is, which depends on the source.</summary>
    private static bool MayBeLeftOut(OptionsProperty property) => property.Shape.Kind == ValueKind.SourceOptions;

    private static void DescribeSources(JsonObject schema, KnownSources sources)
    {
        schema["properties"]!["type"]!["enum"] = new JsonArray([.. sources.Names.Select(name => (JsonNode)name)]);
        var cases = new JsonArray();
        foreach (var name in sources.Names)
        {
            var options = Section(sources.Find(name)!.OptionsType, sources);
            var then = new JsonObject { ["properties"] = new JsonObject { ["options"] = options } };
            if (options.ContainsKey("required"))
                then["required"] = new JsonArray("options");
            else
                options["type"] = new JsonArray("object", "null");
            cases.Add((JsonNode)new JsonObject
            {
                ["if"] = new JsonObject
                {
                    ["properties"] = new JsonObject { ["type"] = new JsonObject { ["const"] = name } },
                    ["required"] = new JsonArray("type"),
                },
                ["then"] = then,
            });
        }

        schema["allOf"] = cases;
    }

    private static JsonObject Property(OptionsProperty property, KnownSources sources)
    {
        var schema = Value(property.Shape, property, sources);
        // A section that states nothing is one with the defaults; YAML calls it null.
        if (property.IsNullable || (property.Shape.Kind == ValueKind.Section && !schema.ContainsKey("required")))
            AllowNull(schema);
        if (property.Description.Length > 0)
            schema["description"] = property.Description;
        if (!property.IsRequired && (property.Shape.Kind != ValueKind.Section || property.IsNullable))
            schema["default"] = Json(property.Default);
        return schema;
    }

    private static JsonObject Value(ValueShape shape, OptionsProperty property, KnownSources sources)
    {
        switch (shape.Kind)
        {
            case ValueKind.Boolean:
                return new JsonObject { ["type"] = "boolean" };
            case ValueKind.Integer:
                return Limited(new JsonObject { ["type"] = "integer" }, property.Limits);
            case ValueKind.Number:
                return Limited(new JsonObject { ["type"] = "number" }, property.Limits);
            case ValueKind.Text:
                // Digits without quotes are a number to an editor, and text to a study: primary: [5, 9].
                var text = new JsonObject { ["type"] = new JsonArray("string", "number") };
                if (property.Pattern is { } pattern)
                    text["pattern"] = pattern;
                if (property.MinimumLength > 0 && property.Shape.Kind == ValueKind.Text)
                    text["minLength"] = property.MinimumLength;
                return text;
            case ValueKind.Choice:
                return new JsonObject { ["enum"] = new JsonArray([.. ChoiceNames.All(shape.Type).Select(name => (JsonNode)name)]) };
            case ValueKind.LearningRate:
                return new JsonObject
                {
                    ["anyOf"] = new JsonArray(
                        new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0 }, new JsonObject { ["const"] = LearningRateSetting.Auto.ToString() }),
                };
            case ValueKind.Passes:
                return new JsonObject
                {
                    ["anyOf"] = new JsonArray(
                        new JsonObject { ["type"] = "integer", ["minimum"] = 1 }, new JsonObject { ["const"] = PassesSetting.Unlimited.ToString() }),
                };
            case ValueKind.List:
                var list = new JsonObject { ["type"] = "array", ["items"] = Value(shape.Element!, property, sources) };
                if (property.MinimumLength > 0)
                    list["minItems"] = property.MinimumLength;
                return list;
            case ValueKind.Section:
                return Section(shape.Type, sources);
            default:
                return new JsonObject { ["type"] = new JsonArray("object", "null") };
        }
    }

    private static JsonObject Limited(JsonObject schema, ValueLimits limits)
    {
        if (!double.IsInfinity(limits.Minimum))
            schema[limits.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = Number(limits.Minimum);
        if (!double.IsInfinity(limits.Maximum))
            schema[limits.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = Number(limits.Maximum);
        return schema;
    }

    private static void AllowNull(JsonObject schema)
    {
        if (schema["enum"] is JsonArray choices)
            choices.Add(null);
        else if (schema["anyOf"] is JsonArray alternatives)
            alternatives.Add((JsonNode)new JsonObject { ["type"] = "null" });
        else if (schema["type"] is JsonArray types)
            types.Add("null");
        else
            schema["type"] = new JsonArray(schema["type"]!.GetValue<string>(), "null");
    }

    private static JsonNode? Json(object? value) => value switch
    {
        null => null,
        bool boolean => boolean,
        string text => text,
        Enum choice => ChoiceNames.Of(choice),
        LearningRateSetting rate => rate.Value is { } number ? Number(number) : rate.ToString(),
        PassesSetting passes => passes.Count is { } count ? count : passes.ToString(),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Json)]),
        IConvertible number when value.GetType().IsPrimitive => JsonNode.Parse(StudyText.Inline(number)),
        _ => new JsonObject(OptionsKeys.Of(value.GetType()).Properties.Select(key => KeyValuePair.Create(key.Key, Json(key.Info.GetValue(value))))),
    };

    /// <summary>Whole numbers without a point, as a person would write them.</summary>
    private static JsonNode Number(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15
        ? (long)value
        : JsonNode.Parse(value.ToString("R", CultureInfo.InvariantCulture))!;
}
