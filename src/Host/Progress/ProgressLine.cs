using System.Globalization;
using System.Text;

namespace ElasticityStream.Host.Progress;

/// <summary>Puts progress into one line of text.</summary>
internal static class ProgressLine
{
    private const int BarWidth = 24;
    private const int NarrowestBar = 6;
    private const int BarEnds = 3;

    /// <summary>For a log: every number with its name, in ASCII.</summary>
    public static string ForLog(ProgressSnapshot snapshot, double? stepsPerSecond) => $"{Time(snapshot.Elapsed)}  {Words(snapshot, stepsPerSecond)}";

    /// <summary>For a service manager, which shows a time of its own.</summary>
    public static string ForService(ProgressSnapshot snapshot) => Words(snapshot, stepsPerSecond: null);

    private static string Words(ProgressSnapshot snapshot, double? stepsPerSecond)
    {
        var line = new StringBuilder($"{snapshot.Phase}  {snapshot.Model}");
        if (snapshot.CountsSteps)
            line.Append($"  step {Steps(snapshot)}");
        if (Fraction(snapshot) is { } fraction)
            line.Append(CultureInfo.InvariantCulture, $" ({100 * fraction:0} %)");
        AppendNumbers(line, snapshot, stepsPerSecond);
        return line.ToString();
    }

    /// <summary>
    /// For a terminal of <paramref name="width"/> characters: with a bar as wide as the numbers leave room for, and cut off where not
    /// even those fit.
    /// </summary>
    public static string ForTerminal(ProgressSnapshot snapshot, double? stepsPerSecond, int width)
    {
        var numbers = new StringBuilder();
        if (Fraction(snapshot) is { } fraction)
            numbers.Append(CultureInfo.InvariantCulture, $"{100 * fraction,3:0} %");
        else
            numbers.Append(Time(snapshot.Elapsed));
        if (snapshot.CountsSteps)
            numbers.Append($"  {(snapshot.TotalSteps is null ? "step " : "")}{Steps(snapshot)}");
        AppendNumbers(numbers, snapshot, stepsPerSecond);

        var name = $"{snapshot.Phase} {snapshot.Model} ";
        var bar = Bar(snapshot, Math.Min(BarWidth, width - 1 - name.Length - numbers.Length - BarEnds));
        var line = $"{name}{bar}{numbers}";
        return line.Length < width ? line : line[..Math.Max(0, width - 1)];
    }

    private static string Bar(ProgressSnapshot snapshot, int width)
    {
        if (Fraction(snapshot) is not { } fraction || width < NarrowestBar)
            return "";
        var full = (int)(fraction * width);
        return $"[{new string('=', full)}{(full < width ? ">" : "")}{new string(' ', Math.Max(0, width - full - 1))}] ";
    }

    private static void AppendNumbers(StringBuilder line, ProgressSnapshot snapshot, double? stepsPerSecond)
    {
        if (stepsPerSecond is { } rate)
        {
            line.Append(CultureInfo.InvariantCulture, $"  {rate.ToString(rate < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture)} steps/s");
            if (snapshot.Left(rate) is { } left)
                line.Append($"  {Time(left)} left");
        }

        if (snapshot.Loss is { } loss)
            line.Append(CultureInfo.InvariantCulture, $"  loss {loss:G3}");
        if (snapshot.Index is { } index)
            line.Append(CultureInfo.InvariantCulture, $"  index {index:0.000}");
    }

    private static double? Fraction(ProgressSnapshot snapshot) =>
        snapshot.TotalSteps is > 0 and { } total ? Math.Clamp((double)snapshot.Step / total, 0, 1) : null;

    private static string Steps(ProgressSnapshot snapshot) =>
        string.Create(CultureInfo.InvariantCulture, $"{snapshot.Step:N0}{(snapshot.TotalSteps is { } total ? $"/{total:N0}" : "")}");

    private static string Time(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
}
