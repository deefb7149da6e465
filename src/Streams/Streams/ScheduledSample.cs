namespace ElasticityStream.Streams;

/// <summary>A sample at its place in the order of training.</summary>
/// <param name="Sample">The sample.</param>
/// <param name="Pass">The pass over the source, from 0.</param>
/// <param name="IndexInPass">Its place among the samples trained on in that pass, from 0.</param>
public sealed record ScheduledSample(Sample Sample, int Pass, long IndexInPass);
