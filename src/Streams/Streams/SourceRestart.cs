namespace ElasticityStream.Streams;

/// <summary>A source failed and is about to be opened again.</summary>
/// <param name="Position">Where: after the last sample that it emitted.</param>
/// <param name="Attempt">Which try this is since a sample was last emitted, from 1.</param>
/// <param name="Delay">How long it is left alone before.</param>
/// <param name="Cause">Why it failed.</param>
public sealed record SourceRestart(long Position, int Attempt, TimeSpan Delay, Exception Cause);
