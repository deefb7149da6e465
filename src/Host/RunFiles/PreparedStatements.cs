using Microsoft.Data.Sqlite;

namespace ElasticityStream.Host.RunFiles;

/// <summary>The statements of one connection, each prepared when it is first run. Parameters are called <c>@p1</c>, <c>@p2</c> and so on.</summary>
internal sealed class PreparedStatements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>Runs a statement that gives nothing back.</summary>
    public void Run(string sql, SqliteTransaction transaction, params ReadOnlySpan<object?> values) =>
        Bound(sql, transaction, values).ExecuteNonQuery();

    /// <summary>Runs a query.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="transaction">What it runs in; null where nothing is changed.</param>
    /// <param name="read">Makes of each row what is given back.</param>
    /// <param name="values">Its parameters.</param>
    public List<T> Query<T>(string sql, SqliteTransaction? transaction, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        using var reader = Bound(sql, transaction, values).ExecuteReader();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        _commands.Clear();
    }

    private SqliteCommand Bound(string sql, SqliteTransaction? transaction, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var k = 1; k <= values.Length; k++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"@p{k}" });
            _commands.Add(sql, command);
        }

        command.Transaction = transaction;
        for (var k = 0; k < values.Length; k++)
        {
            // SQLite has no NaN, and an infinite loss is no more a number to average than NaN is: both become NULL.
            command.Parameters[k].Value = values[k] is null or double.NaN or double.PositiveInfinity or double.NegativeInfinity
                ? DBNull.Value
                : values[k];
        }

        return command;
    }
}
