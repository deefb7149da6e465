namespace ElasticityStream.Host.RunFiles;

/// <summary>Whose weights a sweep was taken at.</summary>
/// <param name="Run">The folder of the run that saved them, an absolute path.</param>
/// <param name="Weights">"initial", "final", or "step-12345" for those of a checkpoint.</param>
public sealed record WeightsOrigin(string Run, string Weights);
