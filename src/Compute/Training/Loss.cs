namespace ElasticityStream.Compute.Training;

/// <summary>The loss of one sample.</summary>
public enum Loss
{
    /// <summary>(f - y)^2 on the single output f (PyTorch's MSELoss of one value; no factor 1/2).</summary>
    Mse,

    /// <summary>Binary cross-entropy of the probability p = sigmoid(output) with the label y.</summary>
    Bce,

    /// <summary>Softmax cross-entropy of K outputs with the class index.</summary>
    CrossEntropy,
}
