using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models;

/// <summary>
/// An affine map, or several with an activation between them. Input B x d, output B x K (the logits: no activation after the
/// last layer).
/// </summary>
public sealed class FullyConnectedNetwork : nn.Module<Tensor, Tensor>
{
    private readonly Linear[] _layers;
    private readonly Activation _activation;

    /// <summary>
    /// Creates the network with PyTorch's default initialisation: every weight and bias uniform in +-1/sqrt(fan-in), drawn in float32 and
    /// kept in float64.
    /// </summary>
    /// <param name="spec">The shape.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="seed">Of a torch generator of this network's own.</param>
    public FullyConnectedNetwork(NetworkSpec spec, Device device, long seed)
        : base(nameof(FullyConnectedNetwork))
    {
        Spec = spec;
        _activation = spec.Activation;
        var widths = spec.Hidden.Prepend(spec.Inputs).Append(spec.Outputs).ToArray();
        _layers = new Linear[widths.Length - 1];
        using var generator = new Generator((ulong)seed, CPU);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        for (var l = 0; l < _layers.Length; l++)
        {
            _layers[l] = nn.Linear(widths[l], widths[l + 1], hasBias: spec.Bias);
            DefaultInitialisation.Draw(_layers[l], widths[l], generator);
            register_module($"layer{l + 1}", _layers[l]);
            scope.Detach(_layers[l].parameters());
        }

        this.to(ScalarType.Float64);
        this.to(device);
        scope.Detach(parameters());
    }

    /// <summary>The shape that the network was created with.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>The layers from the input on; <c>weight</c> is outputs x inputs.</summary>
    public IReadOnlyList<Linear> Layers => _layers;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var a = input;
        for (var l = 0; l < _layers.Length - 1; l++)
            a = ActivationFunctions.Value(_activation, _layers[l].forward(a));
        return _layers[^1].forward(a);
    }
}
