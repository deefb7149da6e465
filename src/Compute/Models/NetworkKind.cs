namespace ElasticityStream.Compute.Models;

/// <summary>The families of networks that a study can train.</summary>
public enum NetworkKind
{
    /// <summary>One affine map from the features to the outputs, no hidden layer.</summary>
    Linear,

    /// <summary>A fully connected network with one or more hidden layers.</summary>
    Mlp,

    /// <summary>
    /// Convolutions, each followed by the activation and 2 x 2 max pooling, and then fully connected layers (He &amp; Su 2020, the
    /// study of architectures).
    /// </summary>
    Cnn,

    /// <summary>
    /// Two hidden layers of the same width with a connection that skips the second: a_2 = a_1 + phi(W_2 a_1 + b_2) (He &amp; Su 2020,
    /// the study of architectures).
    /// </summary>
    ResnetMlp,
}
