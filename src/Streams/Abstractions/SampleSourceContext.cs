namespace ElasticityStream;

/// <summary>What a source may know of the study that creates it.</summary>
/// <param name="BaseDirectory">The folder that relative paths in the options start from: that of the study file.</param>
/// <param name="Seed">The study's seed; a source that draws at random and has no seed of its own in its options uses this one.</param>
public sealed record SampleSourceContext(string BaseDirectory, long Seed);
