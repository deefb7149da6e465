namespace ElasticityStream.Compute.Probing;

/// <summary>The rank-one updates of one layer over the B steps of a block: dW = -u a^T and, with biases, db = -u.</summary>
/// <param name="Deltas">B x outputs, row-major: u = eta dL/dz, z the layer's pre-activations at the trained sample.</param>
/// <param name="Inputs">B x inputs, row-major: a, the layer's input at the trained sample before the step.</param>
public sealed record LayerUpdate(float[] Deltas, float[] Inputs);
