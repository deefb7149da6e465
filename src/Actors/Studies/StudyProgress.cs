namespace ElasticityStream.Actors.Studies;

/// <summary>Where a study stands.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Step">Steps done in this phase: SGD steps, mini-batches or virtual steps.</param>
/// <param name="TotalSteps">How many there will be, if that is known.</param>
/// <param name="Loss">The mean loss of the latest steps.</param>
/// <param name="Index">The elasticity index of the kernelized similarity so far, where it is defined.</param>
public sealed record StudyProgress(StudyPhase Phase, long Step, long? TotalSteps, double? Loss, double? Index);
