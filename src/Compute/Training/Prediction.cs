namespace ElasticityStream.Compute.Training;

/// <summary>Which quantity's change is measured under binary cross-entropy.</summary>
public enum Prediction
{
    /// <summary>The probability p = sigmoid(logit), as in the paper.</summary>
    Probability,

    /// <summary>The network's output itself. With MSE and cross-entropy it is always this.</summary>
    Logit,
}
