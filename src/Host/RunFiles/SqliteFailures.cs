using Microsoft.Data.Sqlite;

namespace ElasticityStream.Host.RunFiles;

/// <summary>Opens databases and puts SQLite's failures into the user's words.</summary>
internal static class SqliteFailures
{
    /// <summary>SQLITE_BUSY: another connection holds a lock.</summary>
    public const int Busy = 5;

    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const int SecondsToWaitForALock = 10;

    /// <summary>A connection of its own: a pooled one would keep the file open after it is disposed.</summary>
    public static SqliteConnection Connect(string path, SqliteOpenMode mode) =>
        new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = SecondsToWaitForALock,
        }.ToString());

    /// <summary>Runs something on the database.</summary>
    /// <exception cref="RunDirectoryException">SQLite refused it; the message names <paramref name="path"/>.</exception>
    public static void Guard(string path, string action, Action use)
    {
        try
        {
            use();
        }
        catch (SqliteException exception)
        {
            throw new RunDirectoryException($"Could not {action} '{path}': {Explain(path, exception)}", exception) { Path = path };
        }
    }

    private static string Explain(string path, SqliteException exception) => exception.SqliteErrorCode switch
    {
        Full => "the disk is full. Free some space, or choose a folder on another disk with --output.",
        Busy or Locked => "another program has locked it. Close what has it open for writing; readers do not disturb.",
        ReadOnly => "it may not be written. Give this user the right to write there, or choose another folder with --output.",
        CannotOpen when !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))) => "its folder does not exist.",
        CannotOpen => "it cannot be opened. Check that it exists, and that this user may read it and write beside it.",
        InputOutput => "the disk did not take it (full, unplugged, or the folder was removed). Check the disk, or choose another with --output.",
        Corrupt or NotADatabase => "it is not an SQLite database, or a damaged one.",
        _ => exception.Message,
    };
}
