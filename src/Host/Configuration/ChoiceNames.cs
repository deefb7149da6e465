using System.Text.Json;

namespace ElasticityStream.Host.Configuration;

/// <summary>The names of enum values in a study file: lower case with hyphens, <c>LeakyRelu</c> is <c>leaky-relu</c>.</summary>
public static class ChoiceNames
{
    /// <summary>The name of one value.</summary>
    public static string Of(Enum value) => Of(value.ToString());

    /// <summary>The names of all values of an enum type, in the order of their declaration.</summary>
    public static IReadOnlyList<string> All(Type type) => [.. Enum.GetNames(type).Select(Of)];

    /// <summary>The value with that exact name, or null.</summary>
    public static object? Find(Type type, string name) =>
        Enum.GetNames(type).FirstOrDefault(declared => Of(declared) == name) is { } found ? Enum.Parse(type, found) : null;

    /// <summary>K-means is one word in the field's file formats: <c>kmeans</c>, not <c>k-means</c>.</summary>
    private static string Of(string declared) =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(declared).Replace("k-means", "kmeans", StringComparison.Ordinal);
}
