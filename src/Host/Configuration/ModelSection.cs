using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ElasticityStream.Compute.Models;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>model</c> of a study.</summary>
public sealed record ModelSection
{
    /// <summary>What <see cref="Hidden"/> resolves to for a cnn that states none.</summary>
    public const int DefaultCnnHidden = 128;

    /// <summary>What <see cref="Kernel"/> resolves to for a cnn.</summary>
    public const int DefaultKernel = 5;

    /// <summary>What <see cref="Channels"/> resolves to for a cnn: one number for each of its convolutions.</summary>
    public static readonly IReadOnlyList<int> DefaultChannels = [16, 32];

    [Description("The family of networks: one affine map (linear); fully connected with hidden layers (mlp); two convolutions, each followed by the activation and 2 x 2 max pooling, then two fully connected layers (cnn); two fully connected hidden layers of one width, of which a connection skips the second (resnet-mlp).")]
    public required NetworkKind Type { get; init; }

    [Description("The number of units of each fully connected hidden layer, from the input on: required for mlp; one number for resnet-mlp, the width of both layers; one number for cnn, or [] = [128]; not allowed for linear.")]
    [Range(1, 1048576)]
    public IReadOnlyList<int> Hidden { get; init; } = [];

    [Description("The number of feature maps of each of the two convolutions of a cnn, from the input on, [] = [16, 32]; not allowed for other types.")]
    [Range(1, 65536)]
    public IReadOnlyList<int> Channels { get; init; } = [];

    [Description("The height and width of the kernels of a cnn, which are slid over the image without padding, null = 5; not allowed for other types.")]
    [Range(1, 1024)]
    public int? Kernel { get; init; }

    [Description("The function of the hidden units; identity is the paper's linear network; a linear model has none and resolves to identity.")]
    public Activation Activation { get; init; } = Activation.Relu;

    [Description("Whether every layer has biases.")]
    public bool Bias { get; init; } = true;

    [Description("The number of outputs; 2 or more is a softmax classifier with one output per class, which needs training.loss: cross-entropy and class indices as labels (source option target: class).")]
    [Range(1, 1048576)]
    public int Outputs { get; init; } = 1;

    /// <summary>By the stated values, element by element for lists.</summary>
    public bool Equals(ModelSection? other) => other is not null && StudyText.Of(this) == StudyText.Of(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(StudyText.Of(this));
}
