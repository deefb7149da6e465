namespace ElasticityStream.Compute.Models;

/// <summary>The shape of a network.</summary>
/// <param name="Kind">The family.</param>
/// <param name="Inputs">d, the number of features.</param>
/// <param name="Hidden">
/// The width of each fully connected hidden layer, from the input on; empty for <see cref="NetworkKind.Linear"/>, two equal ones for
/// <see cref="NetworkKind.ResnetMlp"/>.
/// </param>
/// <param name="Outputs">K, the number of outputs; 1 for a scalar prediction.</param>
/// <param name="Activation">The nonlinearity of the hidden layers.</param>
/// <param name="Bias">Whether every layer has a bias.</param>
public sealed record NetworkSpec(
    NetworkKind Kind, int Inputs, IReadOnlyList<int> Hidden, int Outputs, Activation Activation, bool Bias)
{
    /// <summary>The layers before the fully connected ones; for <see cref="NetworkKind.Cnn"/> only.</summary>
    public ConvolutionSpec? Convolutions { get; init; }

    /// <summary>Whether there is more than a chain of fully connected layers: convolutions, or a skip connection.</summary>
    public bool IsLayered => Kind is NetworkKind.Cnn or NetworkKind.ResnetMlp;

    /// <summary>The number of parameters.</summary>
    public long ParameterCount
    {
        get
        {
            long count = 0, inputs = Inputs;
            var bias = Bias ? 1 : 0;
            if (Convolutions is { } convolutions)
            {
                var shapes = convolutions.Shapes;
                for (var l = 0; l < convolutions.Channels.Count; l++)
                    count += (((long)shapes[l].Channels * convolutions.Kernel * convolutions.Kernel) + bias) * convolutions.Channels[l];
                inputs = shapes[^1].Size;
            }

            foreach (var width in Hidden.Append(Outputs))
            {
                count += (inputs + bias) * width;
                inputs = width;
            }

            return count;
        }
    }

    /// <summary>
    /// The shape as a person writes it: <c>784-256-1 relu</c>, <c>784-256-256-1 relu resnet-mlp</c>, <c>1x28x28 cnn 16-32 5x5 relu, 128-1</c>.
    /// </summary>
    public override string ToString()
    {
        var activation = Kind == NetworkKind.Linear ? "linear" : ActivationFunctions.Name(Activation);
        var widths = string.Join('-', Hidden.Append(Outputs));
        var shape = Kind switch
        {
            NetworkKind.Cnn => $"{Convolutions} {activation}, {widths}",
            NetworkKind.ResnetMlp => $"{Inputs}-{widths} {activation} resnet-mlp",
            _ => $"{Inputs}-{widths} {activation}",
        };
        return $"{shape}{(Bias ? "" : ", no biases")}";
    }
}
