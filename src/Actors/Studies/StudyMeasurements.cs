using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Clustering;
using ElasticityStream.Actors.Messages;

namespace ElasticityStream.Actors.Studies;

/// <summary>Everything that a study measured.</summary>
/// <param name="Steps">The number of SGD steps taken.</param>
/// <param name="Measures">One a similarity.</param>
/// <param name="Clusterings">One a similarity and method; none where too few probes were measured.</param>
/// <param name="Kernel">The neural tangent kernel beside the last sweep; null where none was computed.</param>
public sealed record StudyMeasurements(
    long Steps, IReadOnlyList<MeasureResult> Measures, IReadOnlyList<SimilarityClustering> Clusterings, SweptKernel? Kernel) : ILocalMessage;
