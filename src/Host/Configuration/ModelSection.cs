using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ElasticityStream.Compute.Models;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>model</c> of a study.</summary>
public sealed record ModelSection
{
    [Description("The family of networks: one affine map, or a fully connected network with hidden layers.")]
    public required NetworkKind Type { get; init; }

    [Description("The number of units of each hidden layer, from the input on; required for mlp, not allowed for linear.")]
    [Range(1, 1048576)]
    public IReadOnlyList<int> Hidden { get; init; } = [];

    [Description("The function of the hidden units; identity is the paper's linear network; a linear model has none and resolves to identity.")]
    public Activation Activation { get; init; } = Activation.Relu;

    [Description("Whether every layer has biases.")]
    public bool Bias { get; init; } = true;

    [Description("The number of outputs; 2 or more is a softmax classifier with one output per class, which needs training.loss: cross-entropy and class indices as labels (source option target: class).")]
    [Range(1, 1048576)]
    public int Outputs { get; init; } = 1;

    /// <summary>By the stated values, element by element for <see cref="Hidden"/>.</summary>
    public bool Equals(ModelSection? other) => other is not null && StudyText.Of(this) == StudyText.Of(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(StudyText.Of(this));
}
