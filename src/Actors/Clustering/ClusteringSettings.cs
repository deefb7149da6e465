using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Clustering;

namespace ElasticityStream.Actors.Clustering;

/// <summary>What is clustered, and how.</summary>
/// <param name="Probes">The probe set.</param>
/// <param name="Methods">The clusterers; none for a study without clustering.</param>
/// <param name="Options">Their options.</param>
/// <param name="Metrics">Told of every clustering.</param>
/// <param name="Earlier">The latest clustering of each measure and method, where the study goes on; otherwise none.</param>
public sealed record ClusteringSettings(
    ProbeSet Probes, IReadOnlyList<ClusteringMethod> Methods, ClusteringOptions Options, StudyMetrics Metrics, IReadOnlyList<SimilarityClustering> Earlier);
