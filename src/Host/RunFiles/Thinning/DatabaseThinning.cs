using ElasticityStream.Actors.Recording;
using Microsoft.Data.Sqlite;

namespace ElasticityStream.Host.RunFiles.Thinning;

/// <summary>
/// Keeps <c>run.db</c> from growing without end (docs/run-directory.md, "Long studies"). Only what lies before the earliest step that the study can still
/// be taken back to is thinned, so that steps that are taken again find everything as it was.
/// </summary>
internal sealed class DatabaseThinning
{
    private readonly StepThinning? _steps;
    private readonly IReadOnlyList<SeriesThinning> _series;
    private readonly long _window;

    public DatabaseThinning(PreparedStatements statements, ThinningSettings settings)
        : this(statements, settings, settings.KeepSteps is { } keep ? ThinningRule.OfSteps(keep) : null)
    {
    }

    /// <summary>With a rule of its own for the steps.</summary>
    public DatabaseThinning(PreparedStatements statements, ThinningSettings settings, ThinningRule? stepRule)
    {
        _window = stepRule?.Window ?? 1;
        _steps = stepRule is null ? null : new StepThinning(statements, stepRule);
        _series = settings.KeepRecords is not { } keep ? [] :
        [
            .. Series("class_pairs", null, settings.RecordEvery),
            .. Series("elasticity_index", "protocol = 'online'", settings.RecordEvery),
            .. Series("elasticity_index", "protocol = 'sweep'", settings.SweepEvery),
            .. Series("kernel_distances", null, settings.SweepEvery),
            .. Series("events", $"kind = '{EventKinds.Sweep}'", settings.SweepEvery),
            .. Series("clusterings", "is_final = 0", settings.ClusterEvery),
        ];

        IEnumerable<SeriesThinning> Series(string table, string? condition, long? every) => every is null
            ? []
            : [new SeriesThinning(statements, ThinningSchema.DeleteRecords(table, condition), every.Value, new ThinningRule(keep, 1))];
    }

    /// <summary>Nothing is known of the database any more: rows were taken back, or a change was undone.</summary>
    public void Forget()
    {
        _steps?.Forget();
        foreach (var series in _series)
            series.Forget();
    }

    /// <summary>Does some of what is due: more than <paramref name="recorded"/> new rows make due, and not so much that recording waits for long.</summary>
    /// <returns>False if nothing is due any more.</returns>
    public bool Advance(SqliteTransaction transaction, long steps, int recorded)
    {
        var isMoreDue = false;
        for (var k = 0; k < 1 + (2 * recorded / _window) && _steps is not null; k++)
        {
            if (!_steps.Advance(transaction, steps))
                break;
            isMoreDue = true;
        }

        foreach (var series in _series)
            isMoreDue |= series.Advance(transaction, steps);
        return isMoreDue;
    }
}
