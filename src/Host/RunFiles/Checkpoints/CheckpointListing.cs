namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>The checkpoints in a folder.</summary>
/// <param name="Checkpoints">Those whose manifests can be read, the newest (by number) first.</param>
/// <param name="PassedOver">The others, each with the reason.</param>
public sealed record CheckpointListing(IReadOnlyList<SavedCheckpoint> Checkpoints, IReadOnlyList<string> PassedOver);
