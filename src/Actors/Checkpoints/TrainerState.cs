namespace ElasticityStream.Actors.Checkpoints;

/// <summary>What the trainer carries beside its arrays.</summary>
/// <param name="LearningRate">eta; 0 before it was fixed.</param>
/// <param name="MeanKernelDiagonal">Mean K_ii over the probes, if eta was chosen from it.</param>
/// <param name="IsSweepDue">Whether a sweep at these weights comes next.</param>
/// <param name="HandedOver">
/// The probes whose pre-activations were handed over for the next block, which are among the arrays; null if none were.
/// </param>
public sealed record TrainerState(double LearningRate, double? MeanKernelDiagonal, bool IsSweepDue, int[]? HandedOver);
