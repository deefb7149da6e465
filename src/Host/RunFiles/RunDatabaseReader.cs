using System.Text.Json;
using ElasticityStream.Actors.Recording;
using Microsoft.Data.Sqlite;

namespace ElasticityStream.Host.RunFiles;

/// <summary>Reads what a study recorded in <c>run.db</c>, also while it is still recording. Not thread-safe.</summary>
/// <remarks>Every member throws <see cref="RunDirectoryException"/>, naming the file, where it cannot be read.</remarks>
public sealed class RunDatabaseReader : IDisposable
{
    private const string IndexColumns =
        "step, protocol, measure, elasticity_index, reference, same_class, different_class, measured_rows, degenerate_rows";

    private const string ClusteringColumns =
        """
        step, measure, method, is_final, probes, objective, accuracy, ari, nmi, accuracy_lowest, accuracy_mean, accuracy_highest, restarts,
        control_accuracy, control_ari, control_nmi, control_accuracy_lowest, control_accuracy_mean, control_accuracy_highest, control_restarts,
        churn, cluster_sizes
        """;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly PreparedStatements _statements;

    /// <summary>Opens the database for reading.</summary>
    /// <param name="path">The file.</param>
    public RunDatabaseReader(string path)
    {
        _path = path;
        _connection = SqliteFailures.Connect(path, SqliteOpenMode.ReadOnly);
        _statements = new PreparedStatements(_connection);
        try
        {
            SqliteFailures.Guard(path, "open", _connection.Open);
            var version = Query("SELECT value FROM meta WHERE key = 'schema_version'", row => row.GetString(0)).FirstOrDefault();
            if (version != RunDatabaseSchema.Version.ToString())
                throw new RunDirectoryException(
                    $"'{path}' has schema version {version ?? "none"}; this program reads version {RunDatabaseSchema.Version}.")
                { Path = path };
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The steps in order: in a long study not all of the older ones are there.</summary>
    public IReadOnlyList<StepRow> ReadSteps() =>
        Query(
            "SELECT step, pass, sample_id, position, role, class, loss, prediction, correct, gradient, self_change FROM steps ORDER BY step",
            row => new StepRow(
                row.GetInt64(0), row.GetInt32(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetString(5),
                Number(row, 6), Number(row, 7), row.GetBoolean(8), Number(row, 9), Number(row, 10)));

    /// <summary>The mean loss in about <paramref name="windows"/> windows of equal length over all steps, for a curve.</summary>
    /// <param name="windows">At least 1; fewer come back where there are fewer steps, or where their rows were thinned to longer windows.</param>
    /// <remarks>Every step counts once, whether its own row is still there or not.</remarks>
    public IReadOnlyList<LossWindow> ReadLossWindows(int windows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windows);
        // One state of the database for both queries, while it is written.
        using var transaction = _connection.BeginTransaction(deferred: true);
        var (length, longest) = Query(
            "SELECT coalesce(max(step) + 1, 0), (SELECT coalesce(max(last_step - first_step) + 1, 1) FROM step_windows) FROM steps",
            row => (row.GetInt64(0), row.GetInt64(1)))[0];
        var perWindow = Math.Max(1, (length + windows - 1) / windows);
        // So that none of the longest windows lies across a border; the shorter ones fit into them.
        perWindow = (perWindow + longest - 1) / longest * longest;
        return Query(
            $"""
            SELECT min(first), max(last), sum(loss) / sum(losses), 1.0 * sum(correct) / sum(steps) FROM (
              SELECT first_step AS first, last_step AS last, mean_loss * losses AS loss, losses, correct, steps FROM step_windows WHERE steps > 0
              UNION ALL
              SELECT step, step, loss, loss IS NOT NULL, correct, 1 FROM steps
              WHERE step > (SELECT coalesce(max(last_step), -1) FROM step_windows))
            GROUP BY first / {perWindow} HAVING sum(loss) IS NOT NULL ORDER BY 1
            """,
            row => new LossWindow(row.GetInt64(0), row.GetInt64(1), row.GetDouble(2), row.GetDouble(3)));
    }

    /// <summary>The mean loss over the latest steps before one; null where there is none that is finite.</summary>
    /// <param name="step">The first step that is not in it.</param>
    /// <param name="window">How many steps it is over; fewer where there are fewer before.</param>
    public LossWindow? ReadLossBefore(long step, int window) =>
        Query(
            $"SELECT min(step), max(step), avg(loss), avg(correct) FROM steps WHERE step >= {step - window} AND step < {step} HAVING avg(loss) IS NOT NULL",
            row => new LossWindow(row.GetInt64(0), row.GetInt64(1), row.GetDouble(2), row.GetDouble(3))).FirstOrDefault();

    /// <summary>How many steps are done.</summary>
    public long ReadStepsDone() => Query("SELECT coalesce(max(step) + 1, 0) FROM steps", row => row.GetInt64(0))[0];

    /// <summary>The mean loss over the latest steps; null if none of them has a finite one.</summary>
    /// <param name="steps">How many, at least 1; fewer where there are fewer.</param>
    public LossWindow? ReadLatestLoss(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        return Query(
            $"""
            SELECT min(step), max(step), avg(loss), avg(correct) FROM (SELECT step, loss, correct FROM steps ORDER BY step DESC LIMIT {steps})
            HAVING avg(loss) IS NOT NULL
            """,
            row => new LossWindow(row.GetInt64(0), row.GetInt64(1), row.GetDouble(2), row.GetDouble(3))).FirstOrDefault();
    }

    /// <summary>The class-pair similarities in order.</summary>
    public IReadOnlyList<ClassPairRow> ReadClassPairs() =>
        Query(
            "SELECT step, measure, from_class, to_class, mean, count FROM class_pairs ORDER BY step, rowid",
            row => new ClassPairRow(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), Number(row, 4), row.GetInt64(5)));

    /// <summary>The elasticity index of all measures and protocols, in order.</summary>
    public IReadOnlyList<ElasticityIndexRow> ReadIndex() =>
        Query($"SELECT {IndexColumns} FROM elasticity_index ORDER BY step, rowid", Index);

    /// <summary>The latest elasticity index of each measure and protocol.</summary>
    public IReadOnlyList<ElasticityIndexRow> ReadLatestIndex() =>
        Query($"SELECT {IndexColumns} FROM elasticity_index WHERE rowid IN (SELECT max(rowid) FROM elasticity_index GROUP BY protocol, measure) ORDER BY rowid", Index);

    /// <summary>The latest elasticity index of all measures when so many steps were done.</summary>
    /// <param name="step">The number of steps.</param>
    /// <param name="ofSweeps">Whether that of whole sweeps is wanted, and not that of the rows gathered while training.</param>
    public IReadOnlyList<ElasticityIndexRow> ReadIndexAt(long step, bool ofSweeps)
    {
        var protocol = $"protocol = '{(ofSweeps ? "sweep" : "online")}'";
        return Query(
            $"""
            SELECT {IndexColumns} FROM elasticity_index WHERE {protocol}
            AND step = (SELECT step FROM elasticity_index WHERE step <= {step} AND {protocol} ORDER BY step DESC LIMIT 1) ORDER BY rowid
            """,
            Index);
    }

    /// <summary>How far each sweep was from the neural tangent kernel, in order.</summary>
    public IReadOnlyList<KernelDistanceRow> ReadKernelDistances() =>
        Query(
            "SELECT step, rows, frobenius, largest_row FROM kernel_distances ORDER BY step",
            row => new KernelDistanceRow(row.GetInt64(0), row.GetInt32(1), NumberOrNull(row, 2), NumberOrNull(row, 3)));

    /// <summary>All clusterings in order.</summary>
    public IReadOnlyList<ClusteringRow> ReadClusterings() =>
        Query($"SELECT {ClusteringColumns} FROM clusterings ORDER BY step, rowid", Clustering);

    /// <summary>The latest clustering of each measure and method.</summary>
    public IReadOnlyList<ClusteringRow> ReadLatestClusterings() =>
        Query($"SELECT {ClusteringColumns} FROM clusterings WHERE rowid IN (SELECT max(rowid) FROM clusterings GROUP BY measure, method) ORDER BY rowid", Clustering);

    /// <summary>The latest clusterings when so many steps were done.</summary>
    public IReadOnlyList<ClusteringRow> ReadClusteringsAt(long step) =>
        Query(
            $"""
            SELECT {ClusteringColumns} FROM clusterings
            WHERE step = (SELECT step FROM clusterings WHERE step <= {step} ORDER BY step DESC LIMIT 1) ORDER BY rowid
            """,
            Clustering);

    /// <summary>The samples that were not trained on, in the order in which they came: of very many the first and the latest.</summary>
    public IReadOnlyList<RejectedSampleRow> ReadRejectedSamples() =>
        Query(
            "SELECT position, sample_id, reason, detail FROM rejected_samples ORDER BY rowid",
            row => new RejectedSampleRow(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3)));

    /// <summary>How many samples were not trained on, and the highest position among them; -1 if there is none.</summary>
    public (long Count, long Last) ReadRejections() => Guard(() => new RejectedSampleTable(_statements).Summarise());

    /// <summary>How many of them stand before a position; where there are very many, and it is not near their ends, about how many.</summary>
    public long CountRejectionsBefore(long position) => Guard(() => new RejectedSampleTable(_statements).CountBefore(position));

    /// <summary>What happened once, in order.</summary>
    public IReadOnlyList<EventRow> ReadEvents() =>
        Query("SELECT step, kind, detail FROM events ORDER BY rowid", row => new EventRow(row.GetInt64(0), row.GetString(1), row.GetString(2)));

    /// <summary>The latest events of some kinds, in order.</summary>
    /// <param name="kinds">The kinds.</param>
    /// <param name="most">At most so many.</param>
    public IReadOnlyList<EventRow> ReadLatestEvents(IReadOnlyCollection<string> kinds, int most) =>
        Query(
            $"""
            SELECT step, kind, detail FROM (
              SELECT rowid AS at, step, kind, detail FROM events WHERE kind IN ({string.Join(", ", kinds.Select(k => $"'{k}'"))}) ORDER BY rowid DESC LIMIT {most})
            ORDER BY at
            """,
            row => new EventRow(row.GetInt64(0), row.GetString(1), row.GetString(2)));

    /// <inheritdoc />
    public void Dispose()
    {
        _statements.Dispose();
        _connection.Dispose();
    }

    private static ElasticityIndexRow Index(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), NumberOrNull(row, 3), NumberOrNull(row, 4),
        NumberOrNull(row, 5), NumberOrNull(row, 6), row.GetInt32(7), row.GetInt64(8));

    private static ClusteringRow Clustering(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetInt32(4), Number(row, 5),
        Scores(row, 6), Scores(row, 13), NumberOrNull(row, 20), JsonSerializer.Deserialize<int[]>(row.GetString(21)) ?? []);

    private static ClusteringScoresRow Scores(SqliteDataReader row, int first) => new(
        Number(row, first), Number(row, first + 1), Number(row, first + 2), Number(row, first + 3), Number(row, first + 4),
        Number(row, first + 5), row.GetInt32(first + 6));

    private static double Number(SqliteDataReader row, int column) => NumberOrNull(row, column) ?? double.NaN;

    private static double? NumberOrNull(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    private T Guard<T>(Func<T> read)
    {
        var result = default(T)!;
        SqliteFailures.Guard(_path, "read", () => result = read());
        return result;
    }

    private List<TRow> Query<TRow>(string sql, Func<SqliteDataReader, TRow> read)
    {
        var rows = new List<TRow>();
        SqliteFailures.Guard(_path, "read", () =>
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            while (reader.Read())
                rows.Add(read(reader));
        });
        return rows;
    }
}
