using ElasticityStream.Compute.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models;

/// <summary>A network of <see cref="Stage"/>s: convolutions, pooling, skip connections. Input B x d, output B x K.</summary>
public sealed class LayeredNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>
    /// Creates the network with PyTorch's default initialisation: every weight and bias uniform in +-1/sqrt(fan-in), drawn in float32 and
    /// kept in float64.
    /// </summary>
    /// <param name="spec">The shape.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="seed">Of a torch generator of this network's own.</param>
    /// <exception cref="ArgumentException">The network lacks what its kind needs, or its image is too small.</exception>
    public LayeredNetwork(NetworkSpec spec, Device device, long seed)
        : base(nameof(LayeredNetwork))
    {
        Spec = spec;
        Stages = Stage.Of(spec);
        using var generator = new Generator((ulong)seed, CPU);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var layers = new List<nn.Module>();
        foreach (var stage in Stages)
        {
            var layer = stage.Layer.CreateParameters();
            DefaultInitialisation.Draw(layer, stage.Layer.FanIn, generator);
            layers.Add(layer);
            register_module(ParameterName(layers.Count - 1), layer);
            scope.Detach(layer.parameters());
        }

        this.to(ScalarType.Float64);
        this.to(device);
        scope.Detach(parameters());
        Weights = [.. layers.Select(layer => layer.get_parameter("weight")!)];
        Biases = [.. layers.Select(layer => spec.Bias ? layer.get_parameter("bias") : null)];
    }

    /// <summary>The shape that the network was created with.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>What the layers compute, from the input on.</summary>
    internal IReadOnlyList<Stage> Stages { get; }

    /// <summary>The weights of each layer.</summary>
    internal IReadOnlyList<Parameter> Weights { get; }

    /// <summary>The biases of each layer; null where it has none.</summary>
    internal IReadOnlyList<Parameter?> Biases { get; }

    /// <summary>The name of a layer, which its parameters' names begin with: <c>layer1</c> for index 0.</summary>
    internal static string ParameterName(int layer) => $"layer{layer + 1}";

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Trace(input)[^1].PreActivations;

    /// <summary>The inputs and pre-activations of every layer; those of the last one are the outputs.</summary>
    /// <param name="input">B x d.</param>
    internal IReadOnlyList<(Tensor Inputs, Tensor PreActivations)> Trace(Tensor input)
    {
        var trace = new (Tensor Inputs, Tensor PreActivations)[Stages.Count];
        var a = input;
        for (var l = 0; l < Stages.Count; l++)
        {
            var z = Stages[l].Layer.Forward(a, Weights[l], Biases[l]);
            trace[l] = (a, z);
            if (Stages[l].After is { } after)
                a = after.Value(z, a);
        }

        return trace;
    }
}
