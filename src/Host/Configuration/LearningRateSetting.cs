using System.Globalization;

namespace ElasticityStream.Host.Configuration;

/// <summary>
/// The step size eta of SGD as a study states it: a number, or <see cref="Auto"/>, which is 0.5 / mean K_ii with
/// K_ii = S_ker(x_i, x_i) measured at the probes before the first step.
/// </summary>
public readonly record struct LearningRateSetting
{
    private const string AutoText = "auto";

    private LearningRateSetting(double value) => Value = value;

    /// <summary>The rate is measured at the start of the run.</summary>
    public static LearningRateSetting Auto => default;

    /// <summary>The rate, finite and greater than 0; null for <see cref="Auto"/>.</summary>
    public double? Value { get; }

    /// <summary>Whether the run chooses the rate.</summary>
    public bool IsAuto => Value is null;

    /// <summary>A rate chosen by the user.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not a finite number greater than 0.</exception>
    public static LearningRateSetting Fixed(double value) => value > 0 && double.IsFinite(value)
        ? new LearningRateSetting(value)
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A learning rate is a finite number greater than 0.");

    /// <summary>Reads a finite number greater than 0, or <c>auto</c>.</summary>
    public static bool TryParse(string? text, out LearningRateSetting setting)
    {
        setting = Auto;
        if (text == AutoText)
            return true;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !(value > 0) || !double.IsFinite(value))
            return false;
        setting = new LearningRateSetting(value);
        return true;
    }

    /// <summary><c>auto</c>, or the shortest text that reads back to the same number.</summary>
    public override string ToString() => Value is { } value ? NumberText.Of(value) : AutoText;
}
