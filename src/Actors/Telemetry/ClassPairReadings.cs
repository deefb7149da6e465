using ElasticityStream.Actors.Recording;

namespace ElasticityStream.Actors.Telemetry;

/// <summary>
/// The latest similarity of every pair of classes, and what of it becomes series: all pairs of up to 10 classes; of more classes, for each measure, the
/// means over same-class and over different-class pairs, and the pairs of different classes that are most similar.
/// </summary>
internal sealed class ClassPairReadings
{
    /// <summary>The most classes of which every pair is a series.</summary>
    public const int MostClasses = 10;

    /// <summary>How many pairs of different classes are series where there are more classes, for each measure.</summary>
    public const int MostSimilarPairs = 10;

    /// <summary>In place of a class: means over all of them.</summary>
    public const string Any = "(any)";

    /// <summary>In place of a class: the same as that of the step.</summary>
    public const string Same = "(same)";

    /// <summary>In place of a class: another than that of the step.</summary>
    public const string Different = "(different)";

    private readonly Dictionary<(string Measure, string From, string To), ClassPairRow> _latest = [];
    private readonly HashSet<string> _classes = new(StringComparer.Ordinal);

    /// <summary>Takes in the pairs of an interval; a pair without a step in it keeps the value it had.</summary>
    /// <returns>What becomes series.</returns>
    public IReadOnlyList<ClassPairRow> Update(IReadOnlyList<ClassPairRow> interval)
    {
        foreach (var pair in interval)
        {
            _latest[(pair.Measure, pair.From, pair.To)] = pair;
            _classes.Add(pair.From);
            _classes.Add(pair.To);
        }

        return _classes.Count <= MostClasses
            ? [.. _latest.Values]
            : [.. _latest.Values.GroupBy(p => p.Measure).SelectMany(measure => Bounded([.. measure]))];
    }

    private static IEnumerable<ClassPairRow> Bounded(ClassPairRow[] pairs)
    {
        var same = pairs.Where(p => p.From == p.To).ToArray();
        var different = pairs.Where(p => p.From != p.To).ToArray();
        return Mean(same, Same).Concat(Mean(different, Different)).Concat(different.OrderByDescending(p => p.Mean).Take(MostSimilarPairs));
    }

    private static IEnumerable<ClassPairRow> Mean(ClassPairRow[] pairs, string to)
    {
        if (pairs.Length == 0)
            yield break;
        var count = pairs.Sum(p => p.Count);
        yield return new ClassPairRow(pairs.Max(p => p.Step), pairs[0].Measure, Any, to, pairs.Sum(p => p.Mean * p.Count) / count, count);
    }
}
