namespace ElasticityStream.Compute.Models;

/// <summary>The shape of a network.</summary>
/// <param name="Kind">The family.</param>
/// <param name="Inputs">d, the number of features.</param>
/// <param name="Hidden">The width of each hidden layer, from the input on; empty for <see cref="NetworkKind.Linear"/>.</param>
/// <param name="Outputs">K, the number of outputs; 1 for a scalar prediction.</param>
/// <param name="Activation">The nonlinearity of the hidden layers.</param>
/// <param name="Bias">Whether every layer has a bias.</param>
public sealed record NetworkSpec(
    NetworkKind Kind, int Inputs, IReadOnlyList<int> Hidden, int Outputs, Activation Activation, bool Bias)
{
    /// <summary>The number of parameters.</summary>
    public long ParameterCount
    {
        get
        {
            long count = 0, inputs = Inputs;
            foreach (var width in Hidden.Append(Outputs))
            {
                count += (inputs + (Bias ? 1 : 0)) * width;
                inputs = width;
            }

            return count;
        }
    }

    /// <summary>The shape as a person writes it: <c>784-256-1 relu</c>.</summary>
    public override string ToString()
    {
        var widths = string.Join('-', Hidden.Prepend(Inputs).Append(Outputs));
        var activation = Hidden.Count == 0 ? "linear" : ActivationFunctions.Name(Activation);
        return $"{widths} {activation}{(Bias ? "" : ", no biases")}";
    }
}
