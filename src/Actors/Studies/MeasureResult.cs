using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Studies;

/// <summary>What a study measured of one similarity.</summary>
/// <param name="Measure">Which similarity.</param>
/// <param name="Similarity">S over the probes measured.</param>
/// <param name="Contrast">The elasticity index and its two means.</param>
/// <param name="Reference">Those of the exactly linear model on the same probes.</param>
/// <param name="DegenerateRows">How many steps gave no row.</param>
public sealed record MeasureResult(
    SimilarityMeasure Measure, MeasuredSimilarity Similarity, ClassContrast Contrast, ClassContrast Reference, long DegenerateRows);
