using ElasticityStream.Actors.Recording;

namespace ElasticityStream.Host.Results;

/// <summary>What one similarity measure says at the end of a study.</summary>
/// <param name="Index">The last elasticity index, its reference, and the means that it is made of.</param>
/// <param name="Probes">How many probes there are.</param>
/// <param name="GeodesicCorrelation">
/// Pearson's correlation of the raw similarity with the geodesic distance over the ordered pairs i != j; null where there is no distance.
/// </param>
public sealed record MeasureSummary(ElasticityIndexRow Index, int Probes, double? GeodesicCorrelation);
