namespace ElasticityStream.Compute.Models.Layers;

/// <summary>A layer, and what lies between it and the next one.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="After">Null for the last layer, whose pre-activations are the network's outputs.</param>
internal sealed record Stage(Layer Layer, Transition? After)
{
    /// <summary>The number of the next layer's inputs, or of outputs.</summary>
    public long OutputSize
    {
        get
        {
            if (After is not { Pools: true })
                return Layer.OutputSize;
            var maps = Layer.OutputShape;
            return new ImageShape((int)maps[0], (int)maps[1], (int)maps[2]).Pooled().Size;
        }
    }

    /// <summary>Of each layer of a network, whether a connection skips it.</summary>
    public static bool[] Skips(NetworkSpec network) => [.. Of(network).Select(s => s.After is { Skips: true })];

    /// <summary>The stages of a network, from the input on.</summary>
    /// <exception cref="ArgumentException">The network lacks what its kind needs, or its image is too small.</exception>
    public static IReadOnlyList<Stage> Of(NetworkSpec network)
    {
        var stages = new List<Stage>();
        var inputs = network.Inputs;
        if (network.Kind == NetworkKind.Cnn)
        {
            if (network.Convolutions is not { Fits: true } convolutions || convolutions.Image.Size != inputs)
                throw new ArgumentException($"No image of {inputs} values passes through {network}.", nameof(network));
            var shapes = convolutions.Shapes;
            for (var l = 0; l < convolutions.Channels.Count; l++)
            {
                stages.Add(new Stage(
                    new ConvolutionLayer(shapes[l], convolutions.Channels[l], convolutions.Kernel, network.Bias),
                    new Transition(network.Activation, Pools: true)));
            }

            inputs = shapes[^1].Size;
        }

        var skips = network.Kind == NetworkKind.ResnetMlp;
        if (skips && (network.Hidden.Count != 2 || network.Hidden[0] != network.Hidden[1]))
            throw new ArgumentException($"A resnet-mlp has two hidden layers of the same width, not {network}.", nameof(network));
        for (var l = 0; l < network.Hidden.Count; l++)
        {
            stages.Add(new Stage(
                new FullyConnectedLayer(inputs, network.Hidden[l], network.Bias), new Transition(network.Activation, Skips: skips && l == 1)));
            inputs = network.Hidden[l];
        }

        stages.Add(new Stage(new FullyConnectedLayer(inputs, network.Outputs, network.Bias), null));
        return stages;
    }
}
