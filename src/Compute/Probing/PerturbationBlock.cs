namespace ElasticityStream.Compute.Probing;

/// <summary>The perturbations that B steps caused at the n probes of a shard.</summary>
/// <param name="Steps">B.</param>
/// <param name="Probes">n.</param>
/// <param name="Change">
/// B x n, row-major: f(x_j; w+) - f(x_j; w) for one output; with K outputs the change of the logits along the unit loss gradient.
/// </param>
/// <param name="Magnitude">B x n: the Euclidean norm of the change of K outputs; null for one output, whose norm is |Change|.</param>
public sealed record PerturbationBlock(int Steps, int Probes, double[] Change, double[]? Magnitude);
