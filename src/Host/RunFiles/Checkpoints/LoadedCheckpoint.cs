using ElasticityStream.Actors.Checkpoints;

namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>A checkpoint in memory, every checksum of which was right.</summary>
/// <param name="Saved">Where it lies, and of which run and study it is.</param>
/// <param name="Checkpoint">What was saved, bit by bit.</param>
/// <param name="PassedOver">
/// The checkpoints that would have been loaded rather than this one but are damaged, and those of which nobody can tell because their manifest is damaged;
/// each with the reason, as in "checkpoints/step-000000004096: evaluator-0.z.npy is missing".
/// </param>
public sealed record LoadedCheckpoint(SavedCheckpoint Saved, StudyCheckpoint Checkpoint, IReadOnlyList<string> PassedOver);
