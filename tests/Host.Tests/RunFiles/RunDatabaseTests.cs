using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.RunFiles;
using Microsoft.Data.Sqlite;

namespace ElasticityStream.Host.Tests.RunFiles;

public sealed class RunDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string DatabaseFile => _folder.File("run.db");

    private static StepRow Step(long step, double loss = 0.25) =>
        new(step, 0, $"train/{step}", step * 3, "primary", "5", loss, 0.125, true, -0.5, 1e-300);

    private static ClusteringRow Clustering(long step, bool final = false) => new(
        step, "kernelized", "kernel-kmeans", final, 1_000, 12.5,
        new ClusteringScoresRow(0.969, 0.88, 0.81, 0.51, 0.83, 0.97, 20), new ClusteringScoresRow(0.59, 0.03, 0.02, 0.5, 0.55, 0.61, 20),
        step == 0 ? null : 0.01, [480, 520]);

    [Fact]
    public void Rows_read_back_as_they_were_recorded()
    {
        StepRow[] steps = [Step(0), Step(1) with { Role = "auxiliary", Correct = false, Class = "λ" }];
        ClassPairRow[] pairs = [new(2, "relative", "5", "9", 0.3, 77), new(2, "relative", "9", "5", -0.25, 1)];
        ElasticityIndexRow[] indices =
        [
            new(2, "online", "relative", 0.6, 0.513, 0.5, 0.3, 10, 2), new(2, "sweep", "relative", null, null, null, null, 0, 5_000_000_000),
        ];
        ClusteringRow[] clusterings = [Clustering(0), Clustering(2), Clustering(2, final: true)];
        KernelDistanceRow[] distances = [new(0, 10, 1.25e-3, 0.5), new(2, 0, null, null)];
        var rejected = new RejectedSampleRow(5, "train/5", "not-finite", "feature 7 is NaN; finite numbers are allowed");
        var happened = new EventRow(2, "ended", "all steps were done");

        using (var database = new RunDatabase(DatabaseFile))
        {
            database.RecordSteps(steps);
            database.RecordClassPairs(pairs);
            database.RecordIndex(indices);
            database.RecordClusterings(clusterings);
            foreach (var distance in distances.Append(distances[1] with { Rows = 7 }))
                database.RecordKernelDistance(distance);
            database.RecordRejectedSample(rejected);
            database.RecordEvent(happened);
        }

        using var reader = new RunDatabaseReader(DatabaseFile);
        Assert.Equal(steps, reader.ReadSteps());
        Assert.Equal(pairs, reader.ReadClassPairs());
        Assert.Equal(indices, reader.ReadIndex());
        Assert.Equal(distances, reader.ReadKernelDistances());
        Assert.Equal([rejected], reader.ReadRejectedSamples());
        Assert.Equal([happened], reader.ReadEvents());
        var read = reader.ReadClusterings();
        Assert.All(read, row => Assert.Equal([480, 520], row.ClusterSizes));
        Assert.Equal(clusterings.Select(WithoutSizes), read.Select(WithoutSizes));

        static ClusteringRow WithoutSizes(ClusteringRow row) => row with { ClusterSizes = Array.Empty<int>() };
    }

    [Fact]
    public void Loss_is_averaged_over_windows_and_numbers_that_are_not_finite_are_left_out()
    {
        using (var database = new RunDatabase(DatabaseFile))
            database.RecordSteps([Step(0, 1), Step(1, 3), Step(2, double.NaN), Step(3, 5), Step(4, double.PositiveInfinity)]);

        using var reader = new RunDatabaseReader(DatabaseFile);
        Assert.Equal([new(0, 1, 2, 1), new(2, 3, 5, 1)], reader.ReadLossWindows(3));
        Assert.Equal(3, reader.ReadLossWindows(100).Count);
        Assert.True(double.IsNaN(reader.ReadSteps()[4].Loss));
    }

    [Fact]
    public void Latest_rows_before_a_step_are_found()
    {
        using (var database = new RunDatabase(DatabaseFile))
        {
            database.RecordSteps([Step(0, double.NaN), Step(1, 3), Step(2, 5)]);
            database.RecordIndex([new(2, "online", "relative", 0.6, 0.5, null, null, 1, 0), new(3, "sweep", "relative", 0.7, 0.5, null, null, 1, 0)]);
            database.RecordClusterings([Clustering(2), Clustering(2, final: true), Clustering(4)]);
        }

        using var reader = new RunDatabaseReader(DatabaseFile);
        Assert.Null(reader.ReadLossBefore(0, 2));
        Assert.Null(reader.ReadLossBefore(1, 2));
        Assert.Equal(new(0, 1, 3, 1), reader.ReadLossBefore(2, 2));
        Assert.Equal(new(1, 2, 4, 1), reader.ReadLossBefore(100, 99));
        Assert.Empty(reader.ReadIndexAt(1, ofSweeps: false));
        Assert.Equal(0.6, Assert.Single(reader.ReadIndexAt(9, ofSweeps: false)).Index);
        Assert.Equal(0.7, Assert.Single(reader.ReadIndexAt(3, ofSweeps: true)).Index);
        Assert.Empty(reader.ReadClusteringsAt(1));
        Assert.Equal([false, true], reader.ReadClusteringsAt(3).Select(c => c.Final));
    }

    [Fact]
    public void Older_rows_stay_when_a_block_is_replayed()
    {
        using (var database = new RunDatabase(DatabaseFile))
        {
            database.RecordSteps([Step(0), Step(1)]);
            database.RecordSteps([Step(1), Step(2)]);
            database.RecordClusterings([Clustering(2)]);
            database.RecordClusterings([Clustering(2)]);
        }

        using var reader = new RunDatabaseReader(DatabaseFile);
        Assert.Equal([0, 1, 2], reader.ReadSteps().Select(row => row.Step));
        Assert.Single(reader.ReadClusterings());
    }

    [Fact]
    public void Latest_events_of_a_kind_stay_when_something_happens_to_a_run_over_and_over()
    {
        using var database = new RunDatabase(DatabaseFile);
        database.RecordEvent(new EventRow(0, EventKinds.Started, ""));
        for (var k = 0; k < RunDatabase.MostEvents + 5; k++)
            database.RecordEvent(new EventRow(0, EventKinds.SourceRestarted, $"{k}"));
        database.RecordEvent(new EventRow(7, EventKinds.Rewound, ""));

        using var reader = new RunDatabaseReader(DatabaseFile);
        var events = reader.ReadEvents();
        Assert.Equal(RunDatabase.MostEvents + 2, events.Count);
        Assert.Equal((EventKinds.Started, "5", EventKinds.Rewound), (events[0].Kind, events[1].Detail, events[^1].Kind));
    }

    [Fact]
    public async Task Every_row_arrives_when_many_threads_record_at_once()
    {
        const int Writers = 8;
        const int Blocks = 25;
        const int PerBlock = 16;
        using (var database = new RunDatabase(DatabaseFile))
        {
            await Parallel.ForAsync(0, Writers * Blocks, TestContext.Current.CancellationToken, (block, _) =>
            {
                database.RecordSteps([.. Enumerable.Range(0, PerBlock).Select(k => Step((block * PerBlock) + k))]);
                database.RecordRejectedSample(new RejectedSampleRow(block, "x", "label", ""));
                return ValueTask.CompletedTask;
            });
        }

        using var reader = new RunDatabaseReader(DatabaseFile);
        Assert.Equal(Enumerable.Range(0, Writers * Blocks * PerBlock).Select(k => (long)k), reader.ReadSteps().Select(row => row.Step));
        Assert.Equal(Writers * Blocks, reader.ReadRejectedSamples().Count);
    }

    [Fact]
    public void Database_can_be_read_while_it_is_written_and_is_a_single_file_when_disposed()
    {
        using (var database = new RunDatabase(DatabaseFile))
        {
            database.RecordSteps([Step(0)]);
            using (var reader = new RunDatabaseReader(DatabaseFile))
                Assert.Single(reader.ReadSteps());
            Assert.True(File.Exists($"{DatabaseFile}-wal"));
        }

        Assert.Equal([DatabaseFile], Directory.GetFiles(_folder.Root));
        // The write version in the file's header: 1 is the journal that needs no second file to be read, 2 is WAL.
        Assert.Equal(1, File.ReadAllBytes(DatabaseFile)[18]);
    }

    [Fact]
    public void Whole_file_is_left_when_somebody_reads_while_it_is_disposed()
    {
        var database = new RunDatabase(DatabaseFile);
        database.RecordSteps([Step(0)]);
        using (var reader = new RunDatabaseReader(DatabaseFile))
        {
            Assert.Single(reader.ReadSteps());
            database.Dispose();
            Assert.Single(reader.ReadSteps());
        }

        using var again = new RunDatabaseReader(DatabaseFile);
        Assert.Single(again.ReadSteps());
    }

    [Fact]
    public void Flush_commits_something_each_time_because_an_empty_commit_waits_for_no_disk()
    {
        using var database = new RunDatabase(DatabaseFile);
        database.RecordSteps([Step(0)]);

        foreach (var _ in Enumerable.Range(0, 3))
        {
            var before = new FileInfo($"{DatabaseFile}-wal").Length;
            database.Flush();
            Assert.True(new FileInfo($"{DatabaseFile}-wal").Length > before);
        }
    }

    [Fact]
    public void Columns_are_those_of_the_documentation()
    {
        new RunDatabase(DatabaseFile).Dispose();
        using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'";
        var columns = new List<string>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
                columns.Add(reader.GetString(0));
        }

        var page = File.ReadAllText(RepositoryFile("docs", "run-directory.md"));
        var documented = new List<string>();
        var table = "";
        foreach (var line in page.Split('\n'))
        {
            if (line.StartsWith("### `", StringComparison.Ordinal))
                table = line.Split('`')[1];
            else if (table.Length > 0 && line.StartsWith("| `", StringComparison.Ordinal))
                documented.AddRange(line.Split('|')[1].Split(',').Select(name => $"{table}.{name.Trim().Trim('`')}"));
        }

        Assert.Equal(columns.Order(), documented.Order());
    }

    [Fact]
    public void Recording_names_the_file_when_the_directory_is_removed_meanwhile()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "NOT TESTED: Windows does not let an open file be removed.");
        var folder = Directory.CreateDirectory(_folder.File("run")).FullName;
        using var database = new RunDatabase(Path.Combine(folder, "run.db"));
        database.RecordSteps([Step(0)]);
        Directory.Delete(folder, recursive: true);

        var exception = Assert.Throws<RunDirectoryException>(() => database.RecordSteps([Step(1)]));

        Assert.Equal(Path.Combine(folder, "run.db"), exception.Path);
        Assert.Contains("removed while the study ran", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recording_names_the_file_and_advises_when_the_disk_is_full()
    {
        using var database = new RunDatabase(DatabaseFile);
        database.Execute("PRAGMA max_page_count = 40");

        var exception = Assert.Throws<RunDirectoryException>(
            () => database.RecordSteps([.. Enumerable.Range(0, 20_000).Select(k => Step(k))]));

        Assert.Contains(DatabaseFile, exception.Message, StringComparison.Ordinal);
        Assert.Contains("the disk is full", exception.Message, StringComparison.Ordinal);
        using var reader = new RunDatabaseReader(DatabaseFile);
        Assert.Empty(reader.ReadSteps());
    }

    [Fact]
    public void Creating_is_refused_when_the_file_exists_or_its_folder_does_not()
    {
        new RunDatabase(DatabaseFile).Dispose();
        Assert.Contains("exists already", Assert.Throws<RunDirectoryException>(() => new RunDatabase(DatabaseFile)).Message, StringComparison.Ordinal);
        var lost = Path.Combine(_folder.Root, "none", "run.db");
        Assert.Contains(
            "its folder does not exist", Assert.Throws<RunDirectoryException>(() => new RunDatabase(lost)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_names_the_file_when_it_is_no_database_or_of_another_version()
    {
        File.WriteAllText(DatabaseFile, "this is no database, however long it may be: " + new string('x', 1_000));
        Assert.Contains(DatabaseFile, Assert.Throws<RunDirectoryException>(() => new RunDatabaseReader(DatabaseFile)).Message, StringComparison.Ordinal);

        File.Delete(DatabaseFile);
        new RunDatabase(DatabaseFile).Dispose();
        using (var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE meta SET value = '99' WHERE key = 'schema_version'";
            command.ExecuteNonQuery();
        }

        Assert.Contains(
            "schema version 99", Assert.Throws<RunDirectoryException>(() => new RunDatabaseReader(DatabaseFile)).Message, StringComparison.Ordinal);
    }

    private static string RepositoryFile(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ElasticityStream.sln")))
            folder = folder.Parent;
        return Path.Combine([folder!.FullName, .. parts]);
    }
}
