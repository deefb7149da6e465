using System.Text.Json;

namespace ElasticityStream.EndToEnd.Telemetry;

/// <summary>What stands in decoded messages.</summary>
internal static class JsonFields
{
    /// <summary>The elements at the end of a path of arrays; one that a message leaves out is empty.</summary>
    public static IEnumerable<JsonElement> All(this JsonElement message, params string[] path) => path.Aggregate(
        (IEnumerable<JsonElement>)[message],
        (messages, name) => messages.SelectMany(m => m.TryGetProperty(name, out var array) ? array.EnumerateArray().ToArray() : []));

    /// <summary>A text, or bytes as base64; empty where the message leaves it out.</summary>
    public static string Text(this JsonElement message, string name) => message.TryGetProperty(name, out var value) ? value.GetString()! : "";
}
