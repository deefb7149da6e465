using System.Globalization;
using System.Text.Json;
using ElasticityStream.EndToEnd.Fixtures;
using Microsoft.Data.Sqlite;

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>Compares all that two runs measured, bit by bit; what tells how a run came about may differ.</summary>
public static class SameBits
{
    // The other kinds tell what happened to the run.
    private const string EventsOfTheSteps = "WHERE kind IN ('started', 'pretrained', 'learning-rate', 'sweep', 'ended')";

    /// <summary>Fails at the first difference.</summary>
    public static void Check(RunFolder expected, RunFolder actual)
    {
        Assert.Equal("completed", actual.Description().GetProperty("outcome").GetString());
        Assert.Equal(Results(expected), Results(actual));
        Check(expected, actual, "main");
        if (Directory.Exists(expected.Contrast.Root))
            Check(expected.Contrast, actual.Contrast, "contrast");
        // What a killed process had begun to write does not stay.
        Assert.Empty(Directory.EnumerateFileSystemEntries(actual.Root, "*.tmp", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFileSystemEntries(actual.Root, ".*.tmp", SearchOption.AllDirectories));
    }

    private static void Check(RunFolder expected, RunFolder actual, string model)
    {
        var files = Files(expected);
        Assert.Equal(files, Files(actual));
        foreach (var file in files)
            Assert.True(File.ReadAllBytes(expected.At(file)).AsSpan().SequenceEqual(File.ReadAllBytes(actual.At(file))), $"{model}: {file} differs.");
        var (tables, others) = (Tables(expected), Tables(actual));
        Assert.Equal(tables.Keys, others.Keys);
        foreach (var (table, rows) in tables)
        {
            var differs = rows.Zip(others[table]).FirstOrDefault(pair => pair.First != pair.Second);
            Assert.True(differs == default, $"{model}, {table}:\nexpected {differs.First}\nfound    {differs.Second}");
            Assert.True(rows.Count == others[table].Count, $"{model}, {table}: {rows.Count} rows expected, {others[table].Count} found.");
        }
    }

    private static string[] Files(RunFolder run) =>
    [
        .. new[] { "similarity", "weights" }.SelectMany(f => Directory.GetFiles(run.At(f), "*", SearchOption.AllDirectories))
            .Select(f => Path.GetRelativePath(run.Root, f)).Order(StringComparer.Ordinal),
    ];

    // Steps, rates, degenerate rows and all else that run.json says of the models.
    private static string[] Results(RunFolder run)
    {
        var description = run.Description();
        return [.. new[] { "seed", "rejectedSamples", "main", "contrast" }
            .Select(p => description.TryGetProperty(p, out var value) ? JsonSerializer.Serialize(value) : "")];
    }

    private static SortedDictionary<string, List<string>> Tables(RunFolder run)
    {
        var tables = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        run.Query("SELECT name FROM sqlite_master WHERE type = 'table'", r => tables.Add(r.GetString(0), []));
        Assert.Contains("steps", tables.Keys);
        foreach (var (table, rows) in tables)
        {
            // Rows are compared in the order in which they were recorded; two tables have none. How often the database was made durable tells of the processes.
            var which = table switch
            {
                "events" => $"{EventsOfTheSteps} ORDER BY rowid",
                "meta" => "WHERE key <> 'flushes' ORDER BY key",
                "rejections" => "ORDER BY reason",
                _ => "ORDER BY rowid",
            };
            run.Query($"SELECT * FROM {table} {which}", r => rows.Add(Row(r)));
        }

        return tables;
    }

    private static string Row(SqliteDataReader row) => string.Join(" | ", Enumerable.Range(0, row.FieldCount).Select(c => row.GetValue(c) switch
    {
        double number => string.Create(CultureInfo.InvariantCulture, $"{number:R} = {BitConverter.DoubleToUInt64Bits(number):x16}"),
        DBNull => "null",
        var value => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    }));
}
