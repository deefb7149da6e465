namespace ElasticityStream.Streams.Csv;

/// <summary>Which column of a file is what.</summary>
internal sealed class CsvColumns
{
    private readonly string _path;

    /// <summary>Looks the columns up in a header.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="names">The header.</param>
    /// <param name="options">Names the columns.</param>
    /// <exception cref="SampleSourceException">A named column is absent or ambiguous, is used twice, or no feature is left.</exception>
    public CsvColumns(string path, IReadOnlyList<string> names, CsvOptions options)
    {
        _path = path;
        Names = [.. names.Select(name => name.Trim())];
        var labelFollowsFromClass = options.Target == LabelTarget.Class || options.Primary.Count > 0;
        var label = labelFollowsFromClass && options.ClassColumn is not null && !Names.Contains(options.LabelColumn)
            ? (int?)null
            : Find(options.LabelColumn, "labelColumn");
        Class = options.ClassColumn is { } classColumn ? Find(classColumn, "classColumn") : label!.Value;
        Number = labelFollowsFromClass ? null : label;
        Role = options.RoleColumn is { } roleColumn ? Find(roleColumn, "roleColumn") : null;

        var taken = new HashSet<int?> { label, Class, Role };
        Features = options.FeatureColumns.Count > 0
            ? [.. options.FeatureColumns.Select(name => Find(name, "featureColumns"))]
            : [.. Enumerable.Range(0, Names.Count).Where(column => !taken.Contains(column))];
        if (Features.Count == 0)
            throw new SampleSourceException($"{path}: no column is left for the features; the header names {string.Join(", ", Names)}.");
        if (Features.Distinct().Count() < Features.Count)
            throw new SampleSourceException($"{path}: 'featureColumns' names a column twice: {string.Join(", ", options.FeatureColumns)}.");
        if (Features.FirstOrDefault(column => taken.Contains(column), -1) is >= 0 and var both)
        {
            throw new SampleSourceException($"{path}: column '{Names[both]}' is a feature and also label, class or role; the network " +
                "must not see those.");
        }
    }

    public IReadOnlyList<string> Names { get; }

    public IReadOnlyList<int> Features { get; }

    /// <summary>The column of the class; the label's where there is no class column.</summary>
    public int Class { get; }

    /// <summary>The column of a label that is read as a number.</summary>
    public int? Number { get; }

    public int? Role { get; }

    private int Find(string name, string option)
    {
        var found = Enumerable.Range(0, Names.Count).Where(column => Names[column] == name).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new SampleSourceException(
                $"{_path}: there is no column '{name}', which '{option}' names.{Spelling.Suggestion(name, Names)} The header names " +
                $"{string.Join(", ", Names)}."),
            _ => throw new SampleSourceException($"{_path}: the header names column '{name}' {found.Count} times; '{option}' needs it " +
                "once."),
        };
    }
}
