namespace ElasticityStream.Compute.Probing;

/// <summary>The products of one layer's weights W (outputs x inputs) with single vectors, in float64.</summary>
internal abstract class LayerWeights
{
    /// <summary>z = W a.</summary>
    /// <param name="input">a, one value an input.</param>
    /// <param name="result">Receives z, one value an output.</param>
    public abstract void Multiply(ReadOnlySpan<double> input, Span<double> result);

    /// <summary>v = W^T u.</summary>
    /// <param name="delta">u, one value an output.</param>
    /// <param name="result">Receives v, one value an input.</param>
    public abstract void MultiplyTransposed(ReadOnlySpan<double> delta, Span<double> result);
}
