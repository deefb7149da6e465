using System.Text.Json;
using ElasticityStream.Actors.Recording;

namespace ElasticityStream.Host.RunFiles;

/// <summary>What stands in the columns of a row, in the order of its table.</summary>
internal static class RowColumns
{
    public static object?[] Of(StepRow row) =>
    [
        row.Step, row.Pass, row.SampleId, row.Position, row.Role, row.Class,
        row.Loss, row.Prediction, row.Correct, row.Gradient, row.SelfChange,
    ];

    public static object?[] Of(ClassPairRow row) => [row.Step, row.Measure, row.From, row.To, row.Mean, row.Count];

    public static object?[] Of(ElasticityIndexRow row) =>
    [
        row.Step, row.Protocol, row.Measure, row.Index, row.Reference, row.SameClass, row.DifferentClass,
        row.MeasuredRows, row.DegenerateRows,
    ];

    public static object?[] Of(KernelDistanceRow row) => [row.Step, row.Rows, row.Frobenius, row.LargestRow];

    public static object?[] Of(ClusteringRow row) =>
    [
        row.Step, row.Measure, row.Method, row.Final, row.Probes, row.Objective,
        .. Scores(row.Scores), .. Scores(row.Control), row.Churn, JsonSerializer.Serialize(row.ClusterSizes),
    ];

    public static object?[] Of(EventRow row) => [row.Step, row.Kind, row.Detail];

    private static object?[] Scores(ClusteringScoresRow scores) =>
    [
        scores.Accuracy, scores.AdjustedRandIndex, scores.NormalisedMutualInformation,
        scores.AccuracyLowest, scores.AccuracyMean, scores.AccuracyHighest, scores.Restarts,
    ];
}
