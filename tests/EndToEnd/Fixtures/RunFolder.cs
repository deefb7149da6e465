using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>What a run left behind, read without the host's code.</summary>
public sealed class RunFolder(string root)
{
    /// <summary>Those that every complete model has.</summary>
    public static readonly string[] SimilarityFiles =
    [
        .. new[] { "relative", "kernelized" }.SelectMany(m =>
            new[] { $"{m}-classes.npy", $"{m}-counts.npy", $"{m}-ids.npy", $"{m}-labels.npy", $"{m}-symmetric.npy", $"{m}.npy" })
            .Order(StringComparer.Ordinal),
    ];

    public string Root => root;

    /// <summary>The contrast's files.</summary>
    public RunFolder Contrast => new(At("contrast"));

    /// <summary>The only run of a study.</summary>
    public static RunFolder Only(string runs, string study) => new(Assert.Single(Directory.GetDirectories(Path.Combine(runs, study))));

    public string At(string path) => Path.Combine(root, path);

    public JsonElement Description()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(At("run.json")));
        return json.RootElement.Clone();
    }

    public Npy Npy(string path) => Fixtures.Npy.Read(At(path));

    public double[] Matrix(string measure) => Npy($"similarity/{measure}.npy").Doubles();

    public string[] Ids(string measure) => Npy($"similarity/{measure}-ids.npy").Strings();

    /// <summary>The names of the files in one of the run's folders.</summary>
    public string[] Names(string folder) =>
        [.. Directory.GetFiles(At(folder)).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    /// <summary>The steps in their order.</summary>
    /// <summary>Every bit of the matrices and of the final weights.</summary>
    public byte[] Results() => [.. new[] { "similarity", "weights/final" }.SelectMany(f => Names(f).SelectMany(n => File.ReadAllBytes(At($"{f}/{n}"))))];

    public List<StepInRun> Steps()
    {
        var steps = new List<StepInRun>();
        Query(
            "SELECT step, pass, sample_id, role, class, loss, prediction, gradient, self_change FROM steps ORDER BY step",
            r => steps.Add(new StepInRun(
                r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetDouble(5), r.GetDouble(6), r.GetDouble(7), r.GetDouble(8))));
        return steps;
    }

    public long Count(string table)
    {
        var count = 0L;
        Query($"SELECT COUNT(*) FROM {table}", r => count = r.GetInt64(0));
        return count;
    }

    public void Query(string sql, Action<SqliteDataReader> row)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = At("run.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        using var connection = new SqliteConnection(source.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            row(reader);
    }
}
