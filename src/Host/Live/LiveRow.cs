namespace ElasticityStream.Host.Live;

/// <summary>What was measured at one moment.</summary>
/// <param name="At">The moment; null where it was before the run was resumed, and is not known.</param>
/// <param name="Values">In the order of the series; null, or nothing, where a series had no value.</param>
internal sealed record LiveRow(DateTimeOffset? At, double?[] Values);
