using System.Globalization;

namespace ElasticityStream.Host.Configuration;

/// <summary>How often a study goes through its samples: a number, or <see cref="Unlimited"/>, until it is stopped.</summary>
public readonly record struct PassesSetting
{
    private const string UnlimitedText = "unlimited";

    private PassesSetting(int count) => Count = count;

    /// <summary>The study has no end of its own.</summary>
    public static PassesSetting Unlimited => default;

    /// <summary>The number of passes, at least 1; null for <see cref="Unlimited"/>.</summary>
    public int? Count { get; }

    /// <summary>Whether the study goes on until it is stopped.</summary>
    public bool IsUnlimited => Count is null;

    /// <summary>A number of passes.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public static PassesSetting Of(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new PassesSetting(count);
    }

    /// <summary>Reads an integer of at least 1, or <c>unlimited</c>.</summary>
    public static bool TryParse(string? text, out PassesSetting setting)
    {
        setting = Unlimited;
        if (text == UnlimitedText)
            return true;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) || count < 1)
            return false;
        setting = new PassesSetting(count);
        return true;
    }

    /// <summary><c>unlimited</c>, or the number.</summary>
    public override string ToString() => Count?.ToString(CultureInfo.InvariantCulture) ?? UnlimitedText;
}
