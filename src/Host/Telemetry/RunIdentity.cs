namespace ElasticityStream.Host.Telemetry;

/// <summary>What tells a run from all others.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Run">The run's id, the name of its folder.</param>
/// <param name="Model">The network of the study's own model.</param>
/// <param name="Source">The type of its source.</param>
internal sealed record RunIdentity(string Study, string Run, string Model, string Source);
