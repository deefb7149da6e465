namespace ElasticityStream.Actors.Checkpoints;

/// <summary>Keeps checkpoints where a killed process does not take them along.</summary>
public interface ICheckpointStore
{
    /// <summary>
    /// Saves a checkpoint; when this returns it is durable. Called by one thread at a time, on none of an actor. An exception ends the study, and leaves
    /// the checkpoints saved before as they were.
    /// </summary>
    /// <returns>How many bytes it takes.</returns>
    long Save(StudyCheckpoint checkpoint);
}
