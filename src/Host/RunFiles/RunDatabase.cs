using System.Text.Json;
using ElasticityStream.Actors.Recording;
using Microsoft.Data.Sqlite;

namespace ElasticityStream.Host.RunFiles;

/// <summary>
/// Records a study in <c>run.db</c>, an SQLite database. Every call is one transaction: after a crash the database holds whole
/// blocks. Others may read it while the study runs (it is in WAL mode); closing leaves the one file and nothing beside it.
/// Thread-safe.
/// </summary>
/// <remarks>Every member but <see cref="Dispose"/> throws <see cref="RunDirectoryException"/>, naming the file, where the database cannot be written.</remarks>
public sealed class RunDatabase : IDisposable
{
    private const int SecondsToWaitAfterAFailure = 1;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _inserts = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>Creates the database.</summary>
    /// <param name="path">The file, which must not exist yet, in a folder that does.</param>
    public RunDatabase(string path)
        : this(path, SqliteOpenMode.ReadWriteCreate)
    {
        if (Path.Exists(path))
            throw new RunDirectoryException($"'{path}' exists already, and a run never writes into another one's database.") { Path = path };

        try
        {
            SqliteFailures.Guard(path, "create", () =>
            {
                Prepare();
                using var transaction = _connection.BeginTransaction();
                Execute(RunDatabaseSchema.Tables, transaction);
                Insert(RunDatabaseSchema.InsertMeta, transaction, "schema_version", RunDatabaseSchema.Version.ToString());
                Insert(RunDatabaseSchema.InsertMeta, transaction, "written_by", "ElasticityStream");
                transaction.Commit();
            });
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    private RunDatabase(string path, SqliteOpenMode mode)
    {
        _path = path;
        _connection = SqliteFailures.Connect(path, mode);
    }

    /// <summary>Removes a database, whatever state it is in, for a run that begins anew.</summary>
    /// <param name="path">The file, which need not be there.</param>
    public static void Remove(string path)
    {
        try
        {
            // The logs first: beside a new database they would be taken for its own.
            foreach (var file in new[] { $"{path}-journal", $"{path}-wal", $"{path}-shm", path })
                File.Delete(file);
        }
        catch (Exception exception) when (RunDirectoryException.IsFileFailure(exception))
        {
            throw RunDirectoryException.From(path, "remove", exception);
        }
    }

    /// <summary>Opens the database of a run that goes on.</summary>
    /// <param name="path">The file.</param>
    public static RunDatabase Open(string path)
    {
        // Reads the version as well.
        using (new RunDatabaseReader(path))
        {
        }

        var database = new RunDatabase(path, SqliteOpenMode.ReadWrite);
        try
        {
            SqliteFailures.Guard(path, "open", database.Prepare);
            return database;
        }
        catch
        {
            database._connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="IStudyRecorder.RecordSteps"/>
    public void RecordSteps(IReadOnlyList<StepRow> steps) =>
        Record(RunDatabaseSchema.InsertStep, steps, row =>
        [
            row.Step, row.Pass, row.SampleId, row.Position, row.Role, row.Class,
            row.Loss, row.Prediction, row.Correct, row.Gradient, row.SelfChange,
        ]);

    /// <inheritdoc cref="IStudyRecorder.RecordClassPairs"/>
    public void RecordClassPairs(IReadOnlyList<ClassPairRow> pairs) =>
        Record(RunDatabaseSchema.InsertClassPair, pairs, row => [row.Step, row.Measure, row.From, row.To, row.Mean, row.Count]);

    /// <inheritdoc cref="IStudyRecorder.RecordIndex"/>
    public void RecordIndex(IReadOnlyList<ElasticityIndexRow> indices) =>
        Record(RunDatabaseSchema.InsertIndex, indices, row =>
        [
            row.Step, row.Protocol, row.Measure, row.Index, row.Reference, row.SameClass, row.DifferentClass,
            row.MeasuredRows, row.DegenerateRows,
        ]);

    /// <summary>Records how far the similarities of a sweep are from the neural tangent kernel.</summary>
    public void RecordKernelDistance(KernelDistanceRow distance) =>
        Record(RunDatabaseSchema.InsertKernelDistance, [distance], row => [row.Step, row.Rows, row.Frobenius, row.LargestRow]);

    /// <inheritdoc cref="IStudyRecorder.RecordClusterings"/>
    public void RecordClusterings(IReadOnlyList<ClusteringRow> clusterings) =>
        Record(RunDatabaseSchema.InsertClustering, clusterings, row =>
        [
            row.Step, row.Measure, row.Method, row.Final, row.Probes, row.Objective,
            .. Scores(row.Scores), .. Scores(row.Control), row.Churn, JsonSerializer.Serialize(row.ClusterSizes),
        ]);

    /// <inheritdoc cref="IStudyRecorder.RecordRejectedSample"/>
    public void RecordRejectedSample(RejectedSampleRow sample) =>
        Record(RunDatabaseSchema.InsertRejectedSample, [sample], row => [row.Position, row.SampleId, row.Reason, row.Detail]);

    /// <inheritdoc cref="IStudyRecorder.RecordEvent"/>
    public void RecordEvent(EventRow entry) =>
        Record(RunDatabaseSchema.InsertEvent, [entry], row => [row.Step, row.Kind, row.Detail]);

    /// <inheritdoc cref="IStudyRecorder.Mark"/>
    public RecordingMark Mark()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var rows = new Dictionary<string, long>(StringComparer.Ordinal);
            SqliteFailures.Guard(_path, "read", () =>
            {
                foreach (var table in RunDatabaseSchema.TablesOfTheSteps)
                {
                    using var command = _connection.CreateCommand();
                    command.CommandText = RunDatabaseSchema.NextRow(table);
                    rows[table] = (long)command.ExecuteScalar()!;
                }
            });
            return new RecordingMark(rows);
        }
    }

    /// <inheritdoc cref="IStudyRecorder.Rewind"/>
    public void Rewind(RecordingMark mark)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            SqliteFailures.Guard(_path, "record in", () =>
            {
                using var transaction = _connection.BeginTransaction();
                foreach (var table in RunDatabaseSchema.TablesOfTheSteps)
                    Insert(RunDatabaseSchema.DeleteFrom(table), transaction, mark.Of(table));
                transaction.Commit();
            });
        }
    }

    /// <summary>Deletes the rejected samples, for a run that reads its source again.</summary>
    public void ForgetRejectedSamples()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            SqliteFailures.Guard(_path, "record in", () => Execute(RunDatabaseSchema.DeleteRejectedSamples));
        }
    }

    /// <summary>Makes durable what is recorded: until then a crash of the machine, but not of the process, may lose the latest of it.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!File.Exists(_path))
                throw RunDirectoryException.From(_path, "write", new DirectoryNotFoundException());
            // A commit that waits for the disk takes all before it along, if it has something to write. Not by a handle of our own: closing one drops the locks that SQLite
            // holds on the file in this process (POSIX), and the next program that only looked would take the log away from under the study.
            SqliteFailures.Guard(_path, "write", () =>
            {
                Execute("PRAGMA synchronous = FULL");
                try
                {
                    Execute(RunDatabaseSchema.CountFlush);
                }
                finally
                {
                    Execute("PRAGMA synchronous = NORMAL");
                }
            });
        }
    }

    /// <summary>Moves what is in the write-ahead log into <c>run.db</c> and closes it.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (var command in _inserts.Values)
                command.Dispose();
            try
            {
                if (File.Exists(_path))
                    SqliteFailures.Guard(_path, "close", FoldLogIntoDatabase);
            }
            finally
            {
                _connection.Dispose();
            }
        }
    }

    /// <summary>Closes it where a failure came before <see cref="Close"/>: as far as that goes without a long wait, and without an exception in its place.</summary>
    public void Dispose()
    {
        try
        {
            _connection.DefaultTimeout = SecondsToWaitAfterAFailure;
            Close();
        }
        catch (RunDirectoryException)
        {
            // The failure that led here is the one to report. What is in the log stays beside the file, and belongs to it.
        }
    }

    private static object?[] Scores(ClusteringScoresRow scores) =>
    [
        scores.Accuracy, scores.AdjustedRandIndex, scores.NormalisedMutualInformation,
        scores.AccuracyLowest, scores.AccuracyMean, scores.AccuracyHighest, scores.Restarts,
    ];

    private void Record<TRow>(string insert, IReadOnlyList<TRow> rows, Func<TRow, object?[]> columns)
    {
        if (rows.Count == 0)
            return;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // On Unix a deleted file can still be written to, and nobody would ever see what is in it.
            if (!File.Exists(_path))
                throw RunDirectoryException.From(_path, "record in", new DirectoryNotFoundException());
            SqliteFailures.Guard(_path, "record in", () =>
            {
                using var transaction = _connection.BeginTransaction();
                for (var k = 0; k < rows.Count; k++)
                    Insert(insert, transaction, columns(rows[k]));
                transaction.Commit();
            });
        }
    }

    private void Insert(string sql, SqliteTransaction transaction, params ReadOnlySpan<object?> values)
    {
        if (!_inserts.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var k = 1; k <= values.Length; k++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"@p{k}" });
            _inserts.Add(sql, command);
        }

        command.Transaction = transaction;
        for (var k = 0; k < values.Length; k++)
        {
            // SQLite has no NaN, and an infinite loss is no more a number to average than NaN is: both become NULL.
            command.Parameters[k].Value = values[k] is null or double.NaN or double.PositiveInfinity or double.NegativeInfinity
                ? DBNull.Value
                : values[k];
        }

        command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement on the connection that records; internal so that a test can make the disk small.</summary>
    internal void Execute(string sql, SqliteTransaction? transaction = null)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    private void Prepare()
    {
        _connection.Open();
        Execute("PRAGMA journal_mode = WAL");
        // Losing the last blocks with the power is bearable, a wait for the disk at every block is not.
        Execute("PRAGMA synchronous = NORMAL");
    }

    private void FoldLogIntoDatabase()
    {
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        try
        {
            // Out of WAL mode the file can be read where nothing can be written beside it: from an archive, a mounted image.
            Execute("PRAGMA journal_mode = DELETE");
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SqliteFailures.Busy)
        {
            // Somebody is reading. Whoever closes last removes the log, which is empty by now.
        }
    }
}
