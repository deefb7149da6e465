using ElasticityStream.Actors.Messages;
using ElasticityStream.Compute.Models;

namespace ElasticityStream.Actors.Studies;

/// <summary>A study that ended as it should, or was asked to end early.</summary>
/// <param name="Interrupted">Whether it was asked to end early.</param>
/// <param name="LearningRate">eta.</param>
/// <param name="MeanKernelDiagonal">Mean K_ii over the probes at the start, if eta was chosen from it.</param>
/// <param name="InitialWeights">Before any training.</param>
/// <param name="FinalWeights">After the last step.</param>
/// <param name="Measurements">What was measured.</param>
public sealed record StudyOutcome(
    bool Interrupted, double LearningRate, double? MeanKernelDiagonal, NetworkWeights InitialWeights, NetworkWeights FinalWeights,
    StudyMeasurements Measurements) : ILocalMessage;
