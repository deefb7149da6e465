using ElasticityStream.Actors.Recording;

namespace ElasticityStream.Host.RunFiles;

/// <summary>The tables of <c>run.db</c>, as <c>docs/run-directory.md</c> describes them for users.</summary>
internal static class RunDatabaseSchema
{
    /// <summary>Goes up whenever a table or column changes its name or meaning.</summary>
    public const int Version = 2;

    /// <summary>The table of the steps, whose rowid is the step.</summary>
    public const string Steps = "steps";

    private const string Events = "events";

    /// <summary>Creates all tables in an empty database.</summary>
    public const string Tables = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE steps (
          step INTEGER PRIMARY KEY, pass INTEGER NOT NULL, sample_id TEXT NOT NULL, position INTEGER NOT NULL, role TEXT NOT NULL,
          class TEXT NOT NULL, loss REAL, prediction REAL, correct INTEGER NOT NULL, gradient REAL, self_change REAL);
        CREATE TABLE class_pairs (
          step INTEGER NOT NULL, measure TEXT NOT NULL, from_class TEXT NOT NULL, to_class TEXT NOT NULL, mean REAL, count INTEGER NOT NULL,
          UNIQUE (step, measure, from_class, to_class));
        CREATE TABLE elasticity_index (
          step INTEGER NOT NULL, protocol TEXT NOT NULL, measure TEXT NOT NULL, elasticity_index REAL, reference REAL,
          same_class REAL, different_class REAL, measured_rows INTEGER NOT NULL, degenerate_rows INTEGER NOT NULL,
          UNIQUE (step, protocol, measure));
        CREATE TABLE kernel_distances (step INTEGER PRIMARY KEY, rows INTEGER NOT NULL, frobenius REAL, largest_row REAL);
        CREATE TABLE clusterings (
          step INTEGER NOT NULL, measure TEXT NOT NULL, method TEXT NOT NULL, is_final INTEGER NOT NULL, probes INTEGER NOT NULL, objective REAL,
          accuracy REAL, ari REAL, nmi REAL, accuracy_lowest REAL, accuracy_mean REAL, accuracy_highest REAL, restarts INTEGER NOT NULL,
          control_accuracy REAL, control_ari REAL, control_nmi REAL, control_accuracy_lowest REAL, control_accuracy_mean REAL,
          control_accuracy_highest REAL, control_restarts INTEGER NOT NULL, churn REAL, cluster_sizes TEXT NOT NULL,
          UNIQUE (step, measure, method, is_final));
        CREATE TABLE events (step INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL);
        """;

    // A block that is replayed after a failure gives the same rows again, bit by bit: the ones already here stay.
    private const string KeepOlder = " ON CONFLICT DO NOTHING";

    public static string InsertMeta { get; } = Insert("meta", 2);

    public static string InsertStep { get; } = Insert(Steps, 11) + KeepOlder;

    public static string InsertClassPair { get; } = Insert("class_pairs", 6) + KeepOlder;

    public static string InsertIndex { get; } = Insert("elasticity_index", 9) + KeepOlder;

    public static string InsertKernelDistance { get; } = Insert("kernel_distances", 4) + KeepOlder;

    public static string InsertClustering { get; } = Insert("clusterings", 22) + KeepOlder;

    public static string InsertEvent { get; } = Insert(Events, 3);

    /// <summary>A change that SQLite cannot take for none, for a commit that is there for its wait.</summary>
    public const string CountFlush = "INSERT INTO meta VALUES ('flushes', '1') ON CONFLICT (key) DO UPDATE SET value = value + 1";

    /// <summary>Deletes all events of a kind but the latest <c>@p2</c>.</summary>
    public const string DeleteOlderEvents =
        $"DELETE FROM {Events} WHERE kind = @p1 AND rowid <= (SELECT rowid FROM {Events} WHERE kind = @p1 ORDER BY rowid DESC LIMIT 1 OFFSET @p2)";

    /// <summary>The tables whose rows belong to steps: steps that are taken again record them again.</summary>
    public static IReadOnlyList<string> TablesOfTheSteps { get; } =
        [Steps, "class_pairs", "elasticity_index", "kernel_distances", "clusterings", Events];

    /// <summary>Asks for the first rowid after all rows of a table; rows are only ever added at the end.</summary>
    public static string NextRow(string table) => $"SELECT coalesce(max(rowid) + 1, 0) FROM {table}";

    /// <summary>Deletes the rows of a table from a rowid on, but the events that tell what happened to the run.</summary>
    public static string DeleteFrom(string table) => $"DELETE FROM {table} WHERE rowid >= @p1"
        + (table == Events ? $" AND kind IN ({string.Join(", ", EventKinds.OfTheSteps.Select(k => $"'{k}'"))})" : "");

    private static string Insert(string table, int columns) =>
        $"INSERT INTO {table} VALUES ({string.Join(", ", Enumerable.Range(1, columns).Select(k => $"@p{k}"))})";
}
