using System.Globalization;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.RunFiles.Thinning;
using Microsoft.Data.Sqlite;

namespace ElasticityStream.Host.Tests.RunFiles.Thinning;

/// <summary>What is in a database, and what should be: worked out the slow way, from all rows.</summary>
internal static class ThinnedTables
{
    private static readonly string[] Tables =
        ["steps", "step_windows", "class_pairs", "elasticity_index", "kernel_distances", "clusterings", "events"];

    /// <summary>Every row of every table with its rowid, floating-point numbers bit by bit.</summary>
    public static IReadOnlyList<string> Read(string path) => [.. Tables.SelectMany(table => Query(path, $"SELECT '{table}', rowid, * FROM {table} ORDER BY rowid"))];

    public static IReadOnlyList<string> Query(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(k => reader.GetValue(k) switch
            {
                DBNull => "NULL",
                double number => BitConverter.DoubleToInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture),
                var value => Convert.ToString(value, CultureInfo.InvariantCulture),
            })));
        }

        return rows;
    }

    /// <summary>The steps whose rows should be there.</summary>
    public static IEnumerable<long> Steps(long count, ThinningRule rule) =>
        Windows(count, rule).SelectMany(window => Multiples(window.First, window.Length, window.Length / rule.Window))
            .Concat(Multiples(rule.Horizon(count), count - rule.Horizon(count), 1));

    /// <summary>The windows that should be there.</summary>
    public static IEnumerable<StepWindow> Windows(IReadOnlyList<StepRow> steps, ThinningRule rule) =>
        Windows(steps.Count, rule).Select(window => Window(steps, window.First, window.Length, rule.Window));

    /// <summary>The steps of the records of a series that should be there.</summary>
    public static IEnumerable<long> Records(IEnumerable<long> recorded, long count, long every, long keep)
    {
        var rule = new ThinningRule(keep, 1);
        var (horizon, level) = (rule.Horizon(count / every), rule.Level(count / every));
        return recorded.Where(step => step / every >= horizon || (step / every) % (1L << level) == 0);
    }

    private static IEnumerable<(long First, long Length)> Windows(long count, ThinningRule rule)
    {
        var length = rule.Window << rule.Level(count);
        for (var first = 0L; first < rule.Horizon(count); first += length)
        {
            while (first + length > rule.Horizon(count))
                length /= 2;
            yield return (first, length);
        }
    }

    private static StepWindow Window(IReadOnlyList<StepRow> steps, long first, long length, long shortest) => length == shortest
        ? StepWindow.Of(first, length, [.. Enumerable.Range((int)first, (int)length).Select(k => steps[k]).Select(
            row => new StepWindow.Row(row.Role, row.Loss, row.Correct, row.Gradient, row.SelfChange))])
        : Window(steps, first, length / 2, shortest).With(Window(steps, first + (length / 2), length / 2, shortest));

    private static IEnumerable<long> Multiples(long first, long length, long stride)
    {
        for (var step = first; step < first + length; step++)
        {
            if (step % stride == 0)
                yield return step;
        }
    }
}
