using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Actors.Training;

/// <summary>How a trainer trains.</summary>
/// <param name="Engine">Creates the model.</param>
/// <param name="InitialWeights">What the model starts from; null for the weights of the engine's seed.</param>
/// <param name="Loss">Its loss and prediction.</param>
/// <param name="Probes">The probe set.</param>
/// <param name="LearningRate">eta; null to choose 0.5 / mean K_ii over the probes.</param>
/// <param name="PretrainingLearningRate">The rate of the mini-batches before the study.</param>
/// <param name="Credits">How many probe requests may be in flight.</param>
/// <param name="RebaseEvery">Steps between two rebases.</param>
/// <param name="SweepEvery">Steps between two sweeps while training; null for none.</param>
/// <param name="SweepBlock">How many virtual steps of a sweep are sent in one request.</param>
/// <param name="Closed">Whether the trained samples are probes whose pre-activations the evaluators hand over.</param>
/// <param name="SweepOnly">Whether the study is one sweep.</param>
/// <param name="SweepKernel">Whether the neural tangent kernel is computed beside each sweep.</param>
/// <param name="Metrics">Told of every step.</param>
/// <param name="Restored">What the study goes on from; null if it begins.</param>
public sealed record TrainerSettings(
    IProbeEngine Engine, NetworkWeights? InitialWeights, LossFunction Loss, ProbeSet Probes, double? LearningRate, double PretrainingLearningRate,
    int Credits, long RebaseEvery, long? SweepEvery, int SweepBlock, bool Closed, bool SweepOnly, bool SweepKernel,
    StudyMetrics Metrics, RestoredStudy? Restored);
