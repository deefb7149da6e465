namespace ElasticityStream.Actors.Checkpoints;

/// <summary>When checkpoints of a study are saved, and where; changes no result. They are taken in memory at every rebase as well.</summary>
/// <param name="Store">Where to; null to keep the latest in memory only.</param>
/// <param name="EverySteps">Steps between two; null for no such rule.</param>
/// <param name="EveryTime">Time between two; null for no such rule.</param>
/// <param name="Time">Tells the time.</param>
public sealed record CheckpointSettings(ICheckpointStore? Store, long? EverySteps, TimeSpan? EveryTime, TimeProvider Time)
{
    /// <summary>In memory only.</summary>
    public static CheckpointSettings InMemory { get; } = new(null, null, null, TimeProvider.System);
}
