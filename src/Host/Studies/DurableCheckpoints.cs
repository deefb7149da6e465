using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;
using ElasticityStream.Host.Telemetry;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Studies;

/// <summary>
/// Saves checkpoints of which not only they themselves are durable, but also the rows of the database that they build on. What lies before the earliest of
/// the latest ones, which the study may still be taken back to if the others turn out to be damaged, is settled.
/// </summary>
/// <param name="database">Of the model.</param>
/// <param name="store">Where they are saved.</param>
/// <param name="keep">How many of the latest ones stay.</param>
/// <param name="from">The step of the checkpoint that the model goes on from; null if it begins.</param>
/// <param name="model">The model.</param>
/// <param name="log">The run's log.</param>
internal sealed class DurableCheckpoints(RunDatabase database, CheckpointStore store, int keep, long? from, string model, ILogger log) : ICheckpointStore
{
    private readonly List<long> _latest = from is null ? [] : [from.Value];

    public long Save(StudyCheckpoint checkpoint)
    {
        database.Flush();
        var bytes = store.Save(checkpoint);
        log.CheckpointSaved(model, checkpoint.Step, bytes);
        _latest.Remove(checkpoint.Step);
        _latest.Add(checkpoint.Step);
        if (_latest.Count > keep)
            _latest.RemoveAt(0);
        if (_latest.Count == keep)
            database.Settle(_latest.Min());
        return bytes;
    }
}
