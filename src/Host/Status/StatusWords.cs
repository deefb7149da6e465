using System.Globalization;

namespace ElasticityStream.Host.Status;

/// <summary>Numbers and times as <c>status</c> and <c>list</c> show them.</summary>
internal static class StatusWords
{
    /// <summary>Where there is nothing to show.</summary>
    public const string None = "-";

    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    public static string Name(RunState state) => state.ToString().ToLowerInvariant();

    public static string Utc(DateTimeOffset? time) => time is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : None;

    public static string Time(double? seconds)
    {
        if (seconds is not { } given)
            return None;
        // Clocks of two machines may differ: nothing took less than no time.
        var time = TimeSpan.FromSeconds(Math.Max(0, given));
        return string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
    }

    public static string Steps(long? steps, long? total) => steps is not { } done
        ? None
        : string.Create(CultureInfo.InvariantCulture, $"{done:N0}{(total is { } all ? $"/{all:N0}" : "")}");

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Bytes(long bytes)
    {
        double size = bytes;
        var unit = 0;
        while (size >= 1000 && unit < Units.Length - 1)
        {
            size /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture)} {Units[unit]}");
    }

    public static string Fixed(double? value, int decimals) =>
        value is { } number && double.IsFinite(number) ? number.ToString($"F{decimals}", CultureInfo.InvariantCulture) : None;

    public static string Significant(double? value) =>
        value is { } number && double.IsFinite(number) ? number.ToString("G4", CultureInfo.InvariantCulture) : None;
}
