using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace ElasticityStream.Host.Configuration;

/// <summary>The limits of a number: those of its type, narrowed by a <see cref="RangeAttribute"/>.</summary>
internal sealed record ValueLimits(double Minimum, double Maximum, bool MinimumIsExclusive, bool MaximumIsExclusive)
{
    private static readonly ValueLimits None = new(double.NegativeInfinity, double.PositiveInfinity, false, false);

    /// <summary>The limits that the attribute states. It may stand on a list, where it limits each element.</summary>
    public static ValueLimits Of(RangeAttribute? range, ValueShape shape)
    {
        if (range is null)
            return None;
        var numeric = shape.Element?.Type ?? shape.Type;
        var (lowest, highest) = OfType(numeric);
        var minimum = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
        var maximum = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
        return new ValueLimits(
            minimum <= lowest ? double.NegativeInfinity : minimum,
            maximum >= highest ? double.PositiveInfinity : maximum,
            range.MinimumIsExclusive,
            range.MaximumIsExclusive);
    }

    public bool Allow(double value) =>
        (MinimumIsExclusive ? value > Minimum : value >= Minimum) && (MaximumIsExclusive ? value < Maximum : value <= Maximum);

    /// <summary>The limits as words that follow "an integer"; empty if there are none.</summary>
    public string Words => (double.IsInfinity(Minimum), double.IsInfinity(Maximum)) switch
    {
        (true, true) => "",
        (false, true) => MinimumIsExclusive ? $" greater than {Text(Minimum)}" : $" of at least {Text(Minimum)}",
        (true, false) => MaximumIsExclusive ? $" less than {Text(Maximum)}" : $" of at most {Text(Maximum)}",
        _ when !MinimumIsExclusive && !MaximumIsExclusive => $" from {Text(Minimum)} to {Text(Maximum)}",
        _ => $" {(MinimumIsExclusive ? "greater than" : "at least")} {Text(Minimum)} and {(MaximumIsExclusive ? "less than" : "at most")} {Text(Maximum)}",
    };

    /// <summary>The smallest and the largest value of a numeric type.</summary>
    public static (double Lowest, double Highest) OfType(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 => (int.MinValue, int.MaxValue),
        TypeCode.Int64 => (long.MinValue, long.MaxValue),
        TypeCode.Int16 => (short.MinValue, short.MaxValue),
        TypeCode.Byte => (byte.MinValue, byte.MaxValue),
        TypeCode.SByte => (sbyte.MinValue, sbyte.MaxValue),
        TypeCode.UInt16 => (ushort.MinValue, ushort.MaxValue),
        TypeCode.UInt32 => (uint.MinValue, uint.MaxValue),
        TypeCode.Single => (float.MinValue, float.MaxValue),
        _ => (double.MinValue, double.MaxValue),
    };

    private static string Text(double value) => NumberText.Of(value);
}
