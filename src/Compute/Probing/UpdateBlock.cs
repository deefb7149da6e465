namespace ElasticityStream.Compute.Probing;

/// <summary>
/// The weight updates of consecutive SGD steps, in a form from which a probe shard computes the perturbations. Virtual steps
/// start each from the same weights and leave them as they are; applied steps start each from the weights after the one before.
/// </summary>
/// <param name="Steps">How many steps, B.</param>
/// <param name="Applied">Whether the steps moved the weights.</param>
/// <param name="Directions">
/// B x K unit vectors g / |g|, g = dL/d(logits), along which the change of K outputs is measured for S_ker; a zero vector where
/// g is 0. Empty for one output.
/// </param>
public abstract record UpdateBlock(int Steps, bool Applied, double[] Directions);
