using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing.Vectorised;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>
/// For networks with one hidden layer, and for linear models: carries the probes' pre-activations, which a step changes by a matrix of rank one,
/// and works off a whole block in one pass over them: hand-vectorised on the CPU, as torch operations on any other device. The mathematics is in
/// docs/rank-one.md.
/// </summary>
public sealed class RankOneEngine : IProbeEngine
{
    /// <summary>Up to so many hidden units the trainer's first layer is float64; beyond, its products would cost more than the probes.</summary>
    public const int DoublePrecisionUnits = 512;

    private readonly NetworkSpec _network;
    private readonly LossFunction _loss;
    private readonly torch.Device _device;
    private readonly long _seed;

    /// <summary>Creates the engine for one network.</summary>
    /// <param name="network">The network to train.</param>
    /// <param name="loss">Its loss and prediction.</param>
    /// <param name="device">Where the trainer and the shards compute.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <exception cref="ArgumentException">The network has more than one hidden layer.</exception>
    public RankOneEngine(NetworkSpec network, LossFunction loss, torch.Device device, long seed)
    {
        if (!Supports(network))
            throw new ArgumentException($"The rank-one engine takes networks with one hidden layer or none, not {network}.", nameof(network));
        _network = network;
        _loss = loss;
        _device = device;
        _seed = seed;
    }

    /// <inheritdoc/>
    public ProbeEngineKind Kind => ProbeEngineKind.RankOne;

    /// <inheritdoc/>
    public string Precision => IsDouble ? "probes float32, trainer float64" : "probes and first layer float32, loss and outputs float64";

    /// <inheritdoc/>
    public int MaxStepsPerCall => int.MaxValue;

    /// <summary>
    /// Where the trainer's first layer is float32 anyway: the pre-activations that the shards carry are, and the products saved are what costs.
    /// </summary>
    public bool CanClose => !IsDouble;

    private bool IsVectorised => _device.type == DeviceType.CPU;

    private bool IsDouble => !IsVectorised || _network.Hidden is not [> DoublePrecisionUnits];

    /// <summary>Whether a network has the shape that this engine is for.</summary>
    public static bool Supports(NetworkSpec network) => Supports(network.Kind, network.Hidden.Count);

    /// <summary>Whether networks of a family with so many hidden layers have the shape that this engine is for.</summary>
    public static bool Supports(NetworkKind kind, int hiddenLayers) => kind == NetworkKind.Linear || (kind == NetworkKind.Mlp && hiddenLayers == 1);

    /// <inheritdoc/>
    public IStepper CreateStepper(NetworkWeights? weights = null)
    {
        var network = NetworkWeights.StartFrom(weights, new FullyConnectedNetwork(_network, _device, _seed));
        if (!IsVectorised || _network.Hidden.Count == 0)
            return new DeltaForwardStepper(network, _loss, _device);
        return IsDouble ? new RankOneStepper<double>(network, _loss) : new RankOneStepper<float>(network, _loss);
    }

    /// <inheritdoc/>
    public IProbeShard CreateShard(ReadOnlySpan<double> features, int count)
    {
        if (!IsVectorised)
            return new TorchDeltaForwardShard(_network, _loss, _device, features, count);
        return _network.Hidden.Count == 0
            ? new LinearShard(_network, _loss, features, count, VectorKernels.SupportedWidths[0])
            : new RankOneShard(_network, _loss, features, count, VectorKernels.SupportedWidths[0]);
    }
}
