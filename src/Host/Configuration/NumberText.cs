using System.Globalization;

namespace ElasticityStream.Host.Configuration;

/// <summary>Numbers as the shortest text that reads back to the same bits.</summary>
internal static class NumberText
{
    public static string Of(double value) => WithPoint(value.ToString("R", CultureInfo.InvariantCulture));

    public static string Of(float value) => WithPoint(value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>1E-05 becomes 1.0e-05: without a point, YAML 1.1 readers such as PyYAML take it for text.</summary>
    private static string WithPoint(string text)
    {
        var exponent = text.IndexOf('E', StringComparison.Ordinal);
        if (exponent < 0)
            return text;
        var mantissa = text[..exponent];
        return $"{(mantissa.Contains('.', StringComparison.Ordinal) ? mantissa : mantissa + ".0")}e{text[(exponent + 1)..]}";
    }
}
