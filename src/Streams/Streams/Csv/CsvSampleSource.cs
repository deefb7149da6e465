using System.Globalization;
using System.Runtime.CompilerServices;

namespace ElasticityStream.Streams.Csv;

/// <summary>Emits the rows of a file as it reads them.</summary>
internal sealed class CsvSampleSource : ISampleSource
{
    private const int MostClasses = 1_000;

    private readonly string _path;
    private readonly CsvOptions _options;
    private readonly Dictionary<string, int> _indexOfClass;

    private CsvSampleSource(string path, CsvOptions options, SampleSchema schema)
    {
        _path = path;
        _options = options;
        Schema = schema;
        _indexOfClass = schema.Classes.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index);
    }

    public SampleSchema Schema { get; }

    /// <summary>Reads the file once, to know its classes and that every row can be parsed.</summary>
    /// <exception cref="SampleSourceException">It is missing or malformed, or the options contradict it or each other.</exception>
    public static CsvSampleSource Create(string path, CsvOptions options)
    {
        if (options.Primary.Count > 0 && options.Target == LabelTarget.Class)
        {
            throw new SampleSourceException($"{path}: 'primary' makes the label 1 or 0, 'target: class' makes it the index of the " +
                "class; choose one.");
        }

        if (options.Primary.Count > 0 && options.RoleColumn is not null)
            throw new SampleSourceException($"{path}: both 'primary' and 'roleColumn' say which samples are primary; choose one.");

        using var table = CsvTable.Open(path, options);
        var classes = ReadClasses(path, table, options);
        foreach (var name in options.Primary.Where(name => !classes.Contains(name)))
        {
            throw new SampleSourceException(
                $"{path}: there is no class '{name}', which 'primary' names.{Spelling.Suggestion(name, classes)} Allowed: " +
                $"{string.Join(", ", classes)}.");
        }

        return new CsvSampleSource(path, options, new SampleSchema { FeatureShape = [table.FeatureCount], Classes = classes, Count = table.RowsRead });
    }

    public IAsyncEnumerable<Sample> OpenAsync(long position, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return ReadAsync(position, cancellationToken);
    }

    private async IAsyncEnumerable<Sample> ReadAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var table = CsvTable.Open(_path, _options);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await table.ReadAsync(cancellationToken))
                yield break;
            if (table.RowsRead > position)
                yield return ToSample(table.Parse(), table.RowsRead - 1);
        }
    }

    private Sample ToSample(CsvRow row, long position)
    {
        // A class that the first reading did not meet (the file has changed since) is the validating stage's to divert.
        var classIndex = _indexOfClass.GetValueOrDefault(row.Class, -1);
        var isPrimaryClass = _options.Primary.Contains(row.Class);
        var label = row.Number ?? (_options.Target == LabelTarget.Class ? classIndex : isPrimaryClass ? 1 : 0);
        var isPrimary = _options.Target == LabelTarget.Class || label == 1;
        return new Sample
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"csv/{position}"),
            Position = position,
            Features = row.Features,
            Label = label,
            Class = row.Class,
            Role = row.Role ?? (isPrimary ? SampleRole.Primary : SampleRole.Auxiliary),
        };
    }

    private static List<string> ReadClasses(string path, CsvTable table, CsvOptions options)
    {
        var classes = new HashSet<string>(StringComparer.Ordinal);
        while (table.Read())
        {
            var row = table.Parse();
            // The label is the class here, and NaN is not one: such a row is the validating stage's to divert.
            if (options.ClassColumn is null && row.Number is { } number && !double.IsFinite(number))
                continue;
            classes.Add(row.Class);
            if (classes.Count > MostClasses)
            {
                throw new SampleSourceException(
                    $"{path}: column '{options.ClassColumn ?? options.LabelColumn}' holds more than {MostClasses} different values, too " +
                    "many for classes; name another column in 'classColumn'.");
            }
        }

        if (classes.Count == 0)
            throw new SampleSourceException($"{path}: has no row with a finite label below the header; at least one is needed.");
        return InOrder(classes);
    }

    /// <summary>By value where all are numbers, so that class 10 follows class 9; by character otherwise.</summary>
    private static List<string> InOrder(IEnumerable<string> classes)
    {
        var byText = classes.Order(StringComparer.Ordinal).ToList();
        return byText.TrueForAll(name => double.TryParse(name, CultureInfo.InvariantCulture, out _))
            ? [.. byText.OrderBy(name => double.Parse(name, CultureInfo.InvariantCulture))]
            : byText;
    }
}
