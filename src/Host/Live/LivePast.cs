using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Live;

/// <summary>
/// What a run had measured before it was resumed, from its databases: the series that it recorded, at steps that are spread evenly, and without times,
/// since a database has none. How much is read does not grow with the run.
/// </summary>
internal sealed class LivePast
{
    /// <summary>The most moments of a model.</summary>
    public const int MostMoments = 256;

    // A window of a million steps at each moment would hold up the start of the run.
    private const int LongestWindow = 4096;

    private readonly List<IReadOnlyList<(LiveSeries Series, double Value)>> _moments = [];
    private readonly List<(string Model, long Steps)> _reached = [];

    /// <summary>The moments in order.</summary>
    public IReadOnlyList<IReadOnlyList<(LiveSeries Series, double Value)>> Moments => _moments;

    /// <summary>How many steps of each model that is.</summary>
    public IReadOnlyList<(string Model, long Steps)> Reached => _reached;

    /// <summary>Adds what a model measured; the models in the order in which they are trained.</summary>
    /// <param name="database">Its <c>run.db</c>.</param>
    /// <param name="model">"main" or "contrast".</param>
    /// <param name="steps">Up to which step: that of the checkpoint.</param>
    /// <param name="ofSweeps">Whether the study's similarities are those of sweeps.</param>
    /// <param name="window">Over how many steps loss and accuracy are averaged.</param>
    /// <exception cref="RunDirectoryException">It cannot be read.</exception>
    public void Add(string database, string model, long steps, bool ofSweeps, int window)
    {
        using var reader = new RunDatabaseReader(database);
        (LiveSeries, double)[] before = [.. _reached.Select(r => (LiveSeries.StepsOf(r.Model), (double)r.Steps))];
        var count = Math.Min(steps, MostMoments);
        for (var k = 1; k <= count; k++)
        {
            var step = steps / count * k + steps % count * k / count;
            var measured = Losses(reader.ReadLossBefore(step, Math.Min(window, LongestWindow)), model)
                .Concat(reader.ReadIndexAt(step, ofSweeps).SelectMany(row => Of(row, model)))
                .Concat(reader.ReadClusteringsAt(step).SelectMany(row => Of(row, model)));
            _moments.Add([.. before, (LiveSeries.StepsOf(model), step), .. measured.Where(m => m.Value is { } v && double.IsFinite(v)).Select(m => (m.Series, m.Value!.Value))]);
        }

        _reached.Add((model, steps));
    }

    private static IEnumerable<(LiveSeries Series, double? Value)> Losses(LossWindow? window, string model)
    {
        yield return (Series(Instruments.TrainingLoss, model), window?.MeanLoss);
        yield return (Series(Instruments.TrainingAccuracy, model), window?.Accuracy);
    }

    private static IEnumerable<(LiveSeries Series, double? Value)> Of(ElasticityIndexRow row, string model)
    {
        yield return (Series(Instruments.Index, model, row.Measure), row.Index);
        yield return (Series(Instruments.IndexReference, model, row.Measure), row.Reference);
    }

    private static IEnumerable<(LiveSeries Series, double? Value)> Of(ClusteringRow row, string model)
    {
        yield return (Series(Instruments.ClusteringAccuracy, model, row.Measure, row.Method), row.Scores.Accuracy);
        yield return (Series(Instruments.ClusteringAri, model, row.Measure, row.Method), row.Scores.AdjustedRandIndex);
        yield return (Series(Instruments.ClusteringNmi, model, row.Measure, row.Method), row.Scores.NormalisedMutualInformation);
        yield return (Series(Instruments.ClusteringChurn, model, row.Measure, row.Method), row.Churn);
        for (var cluster = 0; cluster < row.ClusterSizes.Count; cluster++)
            yield return (Series(Instruments.ClusterSize, model, row.Measure, row.Method, Names.OfCluster(cluster)), row.ClusterSizes[cluster]);
    }

    // The values of an instrument's tags, in the order in which it has them.
    private static LiveSeries Series(Instrument instrument, params string[] values) =>
        new(instrument.Name, new SortedDictionary<string, string>(instrument.Tags.Zip(values).ToDictionary(t => t.First, t => t.Second), StringComparer.Ordinal));
}
