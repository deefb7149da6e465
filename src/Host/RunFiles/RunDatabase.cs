using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.RunFiles.Thinning;
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
    /// <summary>How many events of a kind stay, of the kinds that are not of the steps.</summary>
    public const int MostEvents = 1_000;

    private const int SecondsToWaitAfterAFailure = 1;
    private const int RowsAtOnce = 1_000;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly PreparedStatements _statements;
    private readonly DatabaseThinning _thinning;
    private readonly RejectedSampleTable _rejected;
    private long _steps;
    private long _settled;
    private bool _disposed;

    /// <summary>Creates the database.</summary>
    /// <param name="path">The file, which must not exist yet, in a folder that does.</param>
    /// <param name="thinning">How much stays of a long study; null for everything.</param>
    public RunDatabase(string path, ThinningSettings? thinning = null)
        : this(path, thinning, stepRule: null)
    {
    }

    /// <summary>With a rule of its own for the steps, so that a test need not take a million.</summary>
    internal RunDatabase(string path, ThinningSettings? thinning, ThinningRule? stepRule)
        : this(path, SqliteOpenMode.ReadWriteCreate, thinning, stepRule)
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
                Execute(ThinningSchema.Tables, transaction);
                Execute(RejectedSampleTable.Tables, transaction);
                _statements.Run(RunDatabaseSchema.InsertMeta, transaction, "schema_version", RunDatabaseSchema.Version.ToString());
                _statements.Run(RunDatabaseSchema.InsertMeta, transaction, "written_by", "ElasticityStream");
                transaction.Commit();
            });
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    private RunDatabase(string path, SqliteOpenMode mode, ThinningSettings? thinning, ThinningRule? stepRule)
    {
        _path = path;
        _connection = SqliteFailures.Connect(path, mode);
        _statements = new PreparedStatements(_connection);
        _rejected = new RejectedSampleTable(_statements);
        _thinning = stepRule is null
            ? new DatabaseThinning(_statements, thinning ?? ThinningSettings.None)
            : new DatabaseThinning(_statements, thinning ?? ThinningSettings.None, stepRule);
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
    /// <param name="thinning">As it was created with.</param>
    public static RunDatabase Open(string path, ThinningSettings? thinning = null) => Open(path, thinning, stepRule: null);

    internal static RunDatabase Open(string path, ThinningSettings? thinning, ThinningRule? stepRule)
    {
        // Reads the version as well.
        using (new RunDatabaseReader(path))
        {
        }

        var database = new RunDatabase(path, SqliteOpenMode.ReadWrite, thinning, stepRule);
        try
        {
            SqliteFailures.Guard(path, "open", () =>
            {
                database.Prepare();
                database._steps = database.NextRow(RunDatabaseSchema.Steps);
            });
            return database;
        }
        catch
        {
            database._connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="IStudyRecorder.RecordSteps"/>
    /// <remarks>Thins a little of what is older and <see cref="Settle">settled</see>, in the same transaction.</remarks>
    public void RecordSteps(IReadOnlyList<StepRow> steps) => Record(RunDatabaseSchema.InsertStep, steps, RowColumns.Of, transaction =>
    {
        _steps = Math.Max(_steps, steps[^1].Step + 1);
        _thinning.Advance(transaction, Math.Min(_settled, _steps), steps.Count);
    });

    /// <inheritdoc cref="IStudyRecorder.RecordClassPairs"/>
    public void RecordClassPairs(IReadOnlyList<ClassPairRow> pairs) => Record(RunDatabaseSchema.InsertClassPair, pairs, RowColumns.Of);

    /// <inheritdoc cref="IStudyRecorder.RecordIndex"/>
    public void RecordIndex(IReadOnlyList<ElasticityIndexRow> indices) => Record(RunDatabaseSchema.InsertIndex, indices, RowColumns.Of);

    /// <summary>Records how far the similarities of a sweep are from the neural tangent kernel.</summary>
    public void RecordKernelDistance(KernelDistanceRow distance) => Record(RunDatabaseSchema.InsertKernelDistance, [distance], RowColumns.Of);

    /// <inheritdoc cref="IStudyRecorder.RecordClusterings"/>
    public void RecordClusterings(IReadOnlyList<ClusteringRow> clusterings) => Record(RunDatabaseSchema.InsertClustering, clusterings, RowColumns.Of);

    /// <inheritdoc cref="IStudyRecorder.RecordRejectedSample"/>
    /// <remarks>Of very many only the first and the latest stay; all are counted.</remarks>
    public void RecordRejectedSample(RejectedSampleRow sample)
    {
        lock (_lock)
            Change(transaction => _rejected.Add(transaction, sample));
    }

    /// <inheritdoc cref="IStudyRecorder.RecordEvent"/>
    /// <remarks>Of those that tell what happened to the run, which may be for ever, the latest <see cref="MostEvents"/> of each kind stay.</remarks>
    public void RecordEvent(EventRow entry) => Record(RunDatabaseSchema.InsertEvent, [entry], RowColumns.Of, transaction =>
    {
        if (!EventKinds.OfTheSteps.Contains(entry.Kind))
            _statements.Run(RunDatabaseSchema.DeleteOlderEvents, transaction, entry.Kind, MostEvents);
    });

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
                    rows[table] = NextRow(table);
            });
            return new RecordingMark(rows);
        }
    }

    /// <inheritdoc cref="IStudyRecorder.Rewind"/>
    public void Rewind(RecordingMark mark)
    {
        lock (_lock)
        {
            Change(transaction =>
            {
                foreach (var table in RunDatabaseSchema.TablesOfTheSteps)
                    _statements.Run(RunDatabaseSchema.DeleteFrom(table), transaction, mark.Of(table));
                // Where the study goes back to before what was settled, a window that it goes back into is given up; the rows that are left remain.
                _statements.Run(ThinningSchema.DeleteWindowsFrom, transaction, mark.Of(RunDatabaseSchema.Steps));
            });
            _thinning.Forget();
            _steps = mark.Of(RunDatabaseSchema.Steps);
            _settled = Math.Min(_settled, _steps);
        }
    }

    /// <summary>The study will never be taken back to before so many steps, except to its very beginning: what lies before them can be thinned. What is not recorded yet does not count.</summary>
    public void Settle(long steps)
    {
        lock (_lock)
            _settled = Math.Max(_settled, Math.Min(steps, _steps));
    }

    /// <summary>The study has ended: thins all that is due, so that what is left depends on nothing but what was recorded.</summary>
    public void ThinToTheEnd()
    {
        lock (_lock)
        {
            _settled = Math.Max(_settled, _steps);
            // A clustering that took long may have been recorded behind the point up to which its series was thinned.
            _thinning.Forget();
            for (var isMoreDue = true; isMoreDue;)
                Change(transaction => isMoreDue = _thinning.Advance(transaction, _steps, RowsAtOnce));
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
            _statements.Dispose();
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

    private void Record<TRow>(
        string insert, IReadOnlyList<TRow> rows, Func<TRow, object?[]> columns, Action<SqliteTransaction>? afterwards = null)
    {
        if (rows.Count == 0)
            return;
        lock (_lock)
        {
            Change(transaction =>
            {
                for (var k = 0; k < rows.Count; k++)
                    _statements.Run(insert, transaction, columns(rows[k]));
                afterwards?.Invoke(transaction);
            });
        }
    }

    private void Change(Action<SqliteTransaction> change)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        // On Unix a deleted file can still be written to, and nobody would ever see what is in it.
        if (!File.Exists(_path))
            throw RunDirectoryException.From(_path, "record in", new DirectoryNotFoundException());
        SqliteFailures.Guard(_path, "record in", () =>
        {
            using var transaction = _connection.BeginTransaction();
            try
            {
                change(transaction);
                transaction.Commit();
            }
            catch
            {
                _thinning.Forget();
                throw;
            }
        });
    }

    private long NextRow(string table) => _statements.Query(RunDatabaseSchema.NextRow(table), null, row => row.GetInt64(0))[0];

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
