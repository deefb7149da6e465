namespace ElasticityStream.Compute.Models;

/// <summary>The function applied to each hidden unit's pre-activation.</summary>
public enum Activation
{
    /// <summary>max(z, 0).</summary>
    Relu,

    /// <summary>z for z &gt; 0, otherwise 0.01 z (PyTorch's default slope).</summary>
    LeakyRelu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + exp(-z)).</summary>
    Sigmoid,

    /// <summary>z times the standard normal distribution function of z (the exact form, not the tanh approximation).</summary>
    Gelu,

    /// <summary>z itself: the paper's "linear network", which has the same layers but no nonlinearity.</summary>
    Identity,
}
