using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;
using ElasticityStream.Host.RunFiles.Thinning;
using ElasticityStream.Host.Studies;
using ElasticityStream.Host.Tests.RunFiles;
using Microsoft.Extensions.Logging.Abstractions;

namespace ElasticityStream.Host.Tests.Studies;

public sealed class DurableCheckpointsTests : IDisposable
{
    private const int Block = 10;

    private readonly TemporaryFolder _folder = new();
    private readonly RunDatabase _database;
    private int _steps;

    public DurableCheckpointsTests() => _database = new RunDatabase(_folder.File("run.db"), new ThinningSettings(10, null, 10, null, null));

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Rows_before_the_oldest_checkpoint_that_counts_are_thinned_and_no_others()
    {
        var checkpoints = Checkpoints(keep: 2, from: null);
        RecordTo(100);
        checkpoints.Save(Checkpoint(100));
        RecordTo(200);
        Assert.Equal(200, Rows());

        checkpoints.Save(Checkpoint(200));
        RecordTo(400);
        Assert.Equal(300, Rows(from: 100));
        Assert.InRange(Rows(), 300, 330);

        checkpoints.Save(Checkpoint(400));
        RecordTo(600);
        Assert.Equal(400, Rows(from: 200));
        Assert.InRange(Rows(), 400, 430);
    }

    [Fact]
    public void Checkpoint_that_a_run_goes_on_from_counts()
    {
        RecordTo(100);
        var checkpoints = Checkpoints(keep: 2, from: 100);
        RecordTo(200);
        checkpoints.Save(Checkpoint(200));
        RecordTo(400);
        Assert.Equal(300, Rows(from: 100));
        Assert.InRange(Rows(), 300, 330);
    }

    [Fact]
    public void Checkpoint_that_takes_the_place_of_another_counts_once()
    {
        var checkpoints = Checkpoints(keep: 2, from: null);
        RecordTo(100);
        checkpoints.Save(Checkpoint(100));
        checkpoints.Save(Checkpoint(100));
        RecordTo(300);
        Assert.Equal(300, Rows());
    }

    private DurableCheckpoints Checkpoints(int keep, long? from) => new(
        _database, new CheckpointStore(_folder.File("checkpoints"), "run", "study", keep, keepEvery: null, TimeProvider.System), keep, from, "main", NullLogger.Instance);

    private static StudyCheckpoint Checkpoint(long step) => new(step, [1, 2, 3], new Dictionary<string, CarriedState>());

    private void RecordTo(int steps)
    {
        for (; _steps < steps; _steps += Block)
        {
            _database.RecordSteps([.. Enumerable.Range(_steps, Block).Select(
                step => new StepRow(step, 0, $"train/{step}", step, "primary", "5", 0.25, 0.5, true, -0.5, 0.125))]);
        }
    }

    private int Rows(long from = 0)
    {
        using var reader = new RunDatabaseReader(_folder.File("run.db"));
        return reader.ReadSteps().Count(row => row.Step >= from);
    }
}
