using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Studies;

/// <summary>One model of a study, finished.</summary>
/// <param name="Name">Its activation, or "linear".</param>
/// <param name="Network">Its shape.</param>
/// <param name="Probes">How many probes there are.</param>
/// <param name="IsClosed">Whether the trainer took its samples' pre-activations from the evaluators.</param>
/// <param name="Outcome">What was measured.</param>
/// <param name="Duration">How long it took this process.</param>
/// <param name="ResumedAt">The step that this process went on at; 0 if it began.</param>
/// <param name="Files">Where its files are.</param>
/// <param name="GeodesicCorrelations">Pearson correlation of each measure with the geodesic distance, where there is one.</param>
internal sealed record ModelResult(
    string Name, NetworkSpec Network, int Probes, bool IsClosed, StudyOutcome Outcome, TimeSpan Duration, long ResumedAt, ModelFiles Files,
    IReadOnlyDictionary<SimilarityMeasure, double?> GeodesicCorrelations)
{
    /// <summary>How the learning rate came about.</summary>
    public string LearningRateOrigin => Outcome.MeanKernelDiagonal is { } diagonal
        ? $"auto: 0.5 / mean K_ii, which is {diagonal:g4}"
        : "given";
}
