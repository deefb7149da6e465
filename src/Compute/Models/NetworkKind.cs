namespace ElasticityStream.Compute.Models;

/// <summary>The families of networks that a study can train.</summary>
public enum NetworkKind
{
    /// <summary>One affine map from the features to the outputs, no hidden layer.</summary>
    Linear,

    /// <summary>A fully connected network with one or more hidden layers.</summary>
    Mlp,
}
