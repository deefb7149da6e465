namespace ElasticityStream.Compute.Probing;

/// <summary>The updates of one convolution over the B steps of a block, as they are subtracted: eta dL/dW and eta dL/db.</summary>
/// <param name="Kernels">B x (O C k k), row-major: each step's change of the O kernels of C x k x k values.</param>
/// <param name="Biases">B x O; empty without biases.</param>
public sealed record KernelUpdate(float[] Kernels, float[] Biases);
