using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Subtracts complete forward passes before and after each step. Any module of float64 parameters whose input is B x d and whose
/// output is B x K; the steps of a network whose layers are known are predicted together, those of any other module one by one. Slow, and
/// independent of the other engines' mathematics: the oracle.
/// </summary>
public sealed class FullForwardEngine : IProbeEngine
{
    private readonly Func<nn.Module<Tensor, Tensor>> _create;
    private readonly IReadOnlyList<Stage>? _stages;
    private readonly int _outputs;
    private readonly LossFunction _loss;
    private readonly Device _device;

    /// <summary>Creates the engine for one network.</summary>
    /// <param name="network">The network to train.</param>
    /// <param name="loss">Its loss and prediction.</param>
    /// <param name="device">Where the trainer and the shards compute.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <exception cref="ArgumentException">The network lacks what its kind needs, or its image is too small.</exception>
    public FullForwardEngine(NetworkSpec network, LossFunction loss, Device device, long seed)
        : this(
            () => network.IsLayered ? new LayeredNetwork(network, device, seed) : new FullyConnectedNetwork(network, device, seed),
            network.Outputs, loss, device)
    {
        _stages = Stage.Of(network);
        MaxStepsPerCall = StackedFullForwardShard.MaxSteps(_stages, network.Inputs, network.ParameterCount);
    }

    /// <summary>Creates the engine for the modules that a factory makes, of whatever structure.</summary>
    /// <param name="create">Makes a float64 module with the initial weights; called once for the trainer and once a shard.</param>
    /// <param name="outputs">K.</param>
    /// <param name="loss">The loss and prediction.</param>
    /// <param name="device">Where the modules live.</param>
    public FullForwardEngine(Func<nn.Module<Tensor, Tensor>> create, int outputs, LossFunction loss, Device device)
    {
        _create = create;
        _outputs = outputs;
        _loss = loss;
        _device = device;
    }

    /// <inheritdoc/>
    public ProbeEngineKind Kind => ProbeEngineKind.FullForward;

    /// <inheritdoc/>
    public string Precision => "float64";

    /// <summary>
    /// As many as 64 MiB hold of complete copies of the weights, which every step carries, and of the widest layer of 32 probes; at most 64, and 1
    /// where the module's layers are not known.
    /// </summary>
    public int MaxStepsPerCall { get; } = 1;

    /// <inheritdoc/>
    public bool CanClose => false;

    /// <inheritdoc/>
    public IStepper CreateStepper(NetworkWeights? weights = null) =>
        new FullForwardStepper(NetworkWeights.StartFrom(weights, _create()), _outputs, _loss, _device);

    /// <inheritdoc/>
    public IProbeShard CreateShard(ReadOnlySpan<double> features, int count) => _stages is not null && MaxStepsPerCall > 1
        ? new StackedFullForwardShard(_stages, _outputs, _loss, _device, features, count, MaxStepsPerCall)
        : new FullForwardShard(_create(), _outputs, _loss, Staging.ToTensor(features, count, ScalarType.Float64, _device), count);
}
