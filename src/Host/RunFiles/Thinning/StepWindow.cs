using ElasticityStream.Actors.Recording;

namespace ElasticityStream.Host.RunFiles.Thinning;

/// <summary>What is kept of all steps of a window when most of their rows go.</summary>
/// <param name="FirstStep">The first step.</param>
/// <param name="LastStep">The last one.</param>
/// <param name="Steps">How many steps it is over: all between the two, unless rows were lost.</param>
/// <param name="Primary">How many were of primary samples.</param>
/// <param name="Correct">How many predictions agreed with the label.</param>
/// <param name="Loss">Of the finite losses.</param>
/// <param name="LowestLoss">The lowest of them; NaN if there is none.</param>
/// <param name="HighestLoss">The highest; NaN likewise.</param>
/// <param name="Gradient">Of the absolute values of the gradients.</param>
/// <param name="SelfChange">Of the absolute values of the changes at the sample itself.</param>
internal sealed record StepWindow(
    long FirstStep, long LastStep, long Steps, long Primary, long Correct, RunningMean Loss, double LowestLoss, double HighestLoss,
    RunningMean Gradient, RunningMean SelfChange)
{
    private static readonly string PrimaryRole = Names.Of(SampleRole.Primary);

    /// <summary>How many steps it spans.</summary>
    public long Length => LastStep - FirstStep + 1;

    /// <summary>A window over rows that are all still there.</summary>
    /// <param name="first">Its first step.</param>
    /// <param name="length">Its length.</param>
    /// <param name="rows">The rows, in order.</param>
    public static StepWindow Of(long first, long length, IReadOnlyList<Row> rows)
    {
        var losses = rows.Select(row => row.Loss).Where(double.IsFinite).ToArray();
        return new StepWindow(
            first, first + length - 1, rows.Count, rows.Count(row => row.Role == PrimaryRole), rows.Count(row => row.Correct),
            RunningMean.Of(losses), losses.Length == 0 ? double.NaN : losses.Min(), losses.Length == 0 ? double.NaN : losses.Max(),
            RunningMean.Of(rows.Select(row => Math.Abs(row.Gradient))), RunningMean.Of(rows.Select(row => Math.Abs(row.SelfChange))));
    }

    /// <summary>The window over this one and the one after it.</summary>
    public StepWindow With(StepWindow next) => new(
        FirstStep, next.LastStep, Steps + next.Steps, Primary + next.Primary, Correct + next.Correct,
        Loss + next.Loss, Either(LowestLoss, next.LowestLoss, Math.Min), Either(HighestLoss, next.HighestLoss, Math.Max),
        Gradient + next.Gradient, SelfChange + next.SelfChange);

    private static double Either(double left, double right, Func<double, double, double> choose) =>
        double.IsNaN(left) ? right : double.IsNaN(right) ? left : choose(left, right);

    /// <summary>What a window is made of.</summary>
    internal readonly record struct Row(string Role, double Loss, bool Correct, double Gradient, double SelfChange);
}
