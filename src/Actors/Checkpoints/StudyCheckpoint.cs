using ElasticityStream.Compute.Probing;

namespace ElasticityStream.Actors.Checkpoints;

/// <summary>A consistent cut through a study at a block boundary, from which it goes on bit by bit as if it had never stopped. Immutable.</summary>
/// <param name="Step">The number of steps done.</param>
/// <param name="State">Everything but the arrays, serialized.</param>
/// <param name="Parts">The arrays of each actor, by its name: "trainer", "evaluator-0", …, "accumulator", "clustering".</param>
public sealed record StudyCheckpoint(long Step, byte[] State, IReadOnlyDictionary<string, CarriedState> Parts);
