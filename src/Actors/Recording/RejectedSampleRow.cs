namespace ElasticityStream.Actors.Recording;

/// <summary>A sample that the study did not train on.</summary>
/// <param name="Position">The sample's position within its source.</param>
/// <param name="SampleId">The sample's id within its source.</param>
/// <param name="Reason">Why, from a closed set of names.</param>
/// <param name="Detail">What was wrong and what is allowed.</param>
public sealed record RejectedSampleRow(long Position, string SampleId, string Reason, string Detail);
