using System.Globalization;
using ElasticityStream.Actors.Recording;

namespace ElasticityStream.Host.Results;

/// <summary>The tables that a <see cref="StudySummary"/> is shown as, whatever they are then drawn with.</summary>
internal sealed class StudyTables(StudySummary summary)
{
    private const string Undefined = "-";
    private const double Percent = 100;

    private readonly IReadOnlyList<(ModelSummary Model, string Name)> _models = summary.Contrast is null
        ? [(summary.Main, summary.Main.Name)]
        : [(summary.Main, summary.Main.Name), (summary.Contrast, $"{summary.Contrast.Name} (contrast)")];

    /// <summary>How each model was trained.</summary>
    public TextTable Models() => new(
        "Training",
        [Left("model"), Left("network"), Right("learning rate"), Left("how chosen"), Right("steps"), Right("time")],
        [.. _models.Select(entry => new[]
        {
            entry.Name, entry.Model.Network, Significant(entry.Model.LearningRate), entry.Model.LearningRateOrigin,
            entry.Model.Steps.ToString("N0", CultureInfo.InvariantCulture), Time(entry.Model),
        })]);

    /// <summary>The index and what it is made of; the models of one measure stand beneath each other.</summary>
    public TextTable Elasticity()
    {
        var withDistance = _models.Any(entry => entry.Model.Measures.Any(measure => measure.GeodesicCorrelation is not null));
        List<TextColumn> columns =
        [
            Left("measure"), Left("model"), Right("index"), Right("reference"), Right("same class"), Right("different"),
            Right("rows"), Right("degenerate"),
        ];
        if (withDistance)
            columns.Add(Right("geodesic r"));

        var rows =
            from name in MeasureNames(model => model.Measures.Select(measure => measure.Index.Measure))
            from entry in _models
            from measure in entry.Model.Measures
            where measure.Index.Measure == name
            let index = measure.Index
            select (string[])
            [
                name, entry.Name, Fixed(index.Index, 3), Fixed(index.Reference, 3), Significant(index.SameClass), Significant(index.DifferentClass),
                string.Create(CultureInfo.InvariantCulture, $"{index.MeasuredRows:N0}/{measure.Probes:N0}"),
                index.DegenerateRows.ToString("N0", CultureInfo.InvariantCulture),
                .. withDistance ? [Fixed(measure.GeodesicCorrelation, 3)] : Array.Empty<string>(),
            ];
        return new TextTable("Elasticity", columns, [.. rows]);
    }

    /// <summary>The final clusterings, each beside its control; null if there are none.</summary>
    public TextTable? Clusterings()
    {
        var rows = new List<string[]>();
        var all = _models.SelectMany(entry => entry.Model.Clusterings).ToArray();
        foreach (var (measure, method) in all.Select(row => (row.Measure, row.Method)).Distinct())
        {
            var controls = new List<ClusteringScoresRow>();
            foreach (var (model, name) in _models)
            {
                foreach (var row in model.Clusterings.Where(row => row.Measure == measure && row.Method == method))
                {
                    rows.Add(Cells(measure, method, name, row.Scores));
                    controls.Add(row.Control);
                }
            }

            // Models measured at the same probes have the same control; where degenerate rows differ, each has its own.
            rows.AddRange(controls.Distinct().Select(control => Cells(measure, method, $"{summary.ControlName} (control)", control)));
        }

        return rows.Count == 0 ? null : new TextTable(
            "Clustering",
            [
                Left("measure"), Left("method"), Left("clustered"), Right("acc. %"), Right("ARI"), Right("NMI"),
                Right("lowest"), Right("mean"), Right("highest"),
            ],
            rows);
    }

    /// <summary>How far each model's last sweep is from the neural tangent kernel, in words, and a blank line; nothing where there is none.</summary>
    public IEnumerable<string> KernelDistances()
    {
        var distances = _models.Where(entry => entry.Model.KernelDistance is not null).ToArray();
        foreach (var (model, name) in distances)
        {
            var distance = model.KernelDistance!;
            yield return string.Create(CultureInfo.InvariantCulture, $"{name}: S_ker and the NTK differ by {Exponent(distance.Frobenius)} (relative Frobenius){(distance.Step > 0 ? $" after {distance.Step:N0} steps" : "")}.");
        }

        if (distances.Length > 0)
            yield return "";
    }

    /// <summary>What the words in the tables mean.</summary>
    public IEnumerable<string> Legend()
    {
        yield return "index: mean similarity of same-class pairs / (that + mean of different-class pairs); 0.5 if equal.";
        yield return "reference: the index of the exactly linear model on the same probes; elasticity goes beyond it.";
        if (_models.Any(entry => entry.Model.Clusterings.Count > 0))
        {
            yield return $"control: the same clusterer on the raw {summary.ControlName} of the same probes, without any network.";
            yield return "acc., ARI, NMI: of the restart with the best objective.";
            yield return $"lowest, mean, highest: accuracy (%) over all {Restarts()} restarts.";
        }

        if (_models.Any(entry => entry.Model.Measures.Any(measure => measure.GeodesicCorrelation is not null)))
            yield return "geodesic r: Pearson correlation of raw similarity and geodesic distance over all ordered pairs.";
        if (_models.Any(entry => entry.Model.Measures.Any(measure => measure.Index.Index is null || measure.Index.Reference is null)))
            yield return "-: not defined, because there are no such pairs or a mean is not positive.";
    }

    public static string Time(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");

    private static string Time(ModelSummary model) => model.ResumedAt == 0
        ? Time(model.Duration)
        : string.Create(CultureInfo.InvariantCulture, $"{Time(model.Duration)} since step {model.ResumedAt:N0}");

    private static string[] Cells(string measure, string method, string clustered, ClusteringScoresRow scores) =>
    [
        measure, method, clustered, Fixed(Percent * scores.Accuracy, 1), Fixed(scores.AdjustedRandIndex, 3),
        Fixed(scores.NormalisedMutualInformation, 3), Fixed(Percent * scores.AccuracyLowest, 1), Fixed(Percent * scores.AccuracyMean, 1),
        Fixed(Percent * scores.AccuracyHighest, 1),
    ];

    private string Restarts() => string.Join(" or ", _models
        .SelectMany(entry => entry.Model.Clusterings)
        .SelectMany(row => new[] { row.Scores.Restarts, row.Control.Restarts })
        .Distinct().Order());

    private IEnumerable<string> MeasureNames(Func<ModelSummary, IEnumerable<string>> names) =>
        _models.SelectMany(entry => names(entry.Model)).Distinct();

    private static string Fixed(double? value, int decimals) =>
        value is { } number && double.IsFinite(number) ? number.ToString($"F{decimals}", CultureInfo.InvariantCulture) : Undefined;

    private static string Significant(double? value) =>
        value is { } number && double.IsFinite(number) ? number.ToString("G4", CultureInfo.InvariantCulture) : Undefined;

    private static string Exponent(double? value) => value is { } number ? number.ToString("0.0e-0", CultureInfo.InvariantCulture) : Undefined;

    private static TextColumn Left(string heading) => new(heading, FlushRight: false);

    private static TextColumn Right(string heading) => new(heading, FlushRight: true);
}
