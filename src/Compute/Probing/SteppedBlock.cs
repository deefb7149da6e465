namespace ElasticityStream.Compute.Probing;

/// <summary>A block of steps that a stepper has taken.</summary>
/// <param name="Results">One entry a step.</param>
/// <param name="Updates">What the probe shards need of them.</param>
public sealed record SteppedBlock(IReadOnlyList<StepResult> Results, UpdateBlock Updates);
