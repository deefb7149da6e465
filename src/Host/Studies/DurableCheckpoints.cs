using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;
using ElasticityStream.Host.Telemetry;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Studies;

/// <summary>Saves checkpoints of which not only they themselves are durable, but also the rows of the database that they build on.</summary>
internal sealed class DurableCheckpoints(RunDatabase database, CheckpointStore store, string model, ILogger log) : ICheckpointStore
{
    public long Save(StudyCheckpoint checkpoint)
    {
        database.Flush();
        var bytes = store.Save(checkpoint);
        log.CheckpointSaved(model, checkpoint.Step, bytes);
        return bytes;
    }
}
