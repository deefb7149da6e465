using System.Collections;

namespace ElasticityStream.Actors.Tests.Serialization;

/// <summary>Writes out all that a message holds, so that two messages are equal exactly when their texts are. Numbers go in by their bits.</summary>
internal static class Structure
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        double number => BitConverter.DoubleToInt64Bits(number).ToString("x16"),
        float number => BitConverter.SingleToInt32Bits(number).ToString("x8"),
        string text => $"'{text}'",
        Enum or int or long or bool => value.ToString()!,
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Of))}]",
        _ => $"{value.GetType().Name}({string.Join(", ", Fields(value))})",
    };

    private static IEnumerable<string> Fields(object value) => value.GetType().GetProperties()
        .Where(p => p.GetIndexParameters().Length == 0)
        .Select(p => $"{p.Name}: {Of(p.GetValue(value))}");
}
