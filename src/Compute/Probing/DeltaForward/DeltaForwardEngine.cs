using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Probing.Vectorised;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Propagates the change that a step makes through the layers instead of subtracting two predictions, so that it loses nothing at small learning rates.
/// Fully connected networks of any depth, and networks with convolutions, pooling and skip connections. The trainer computes in float64, the probes in
/// float32: hand-vectorised on the CPU, as torch operations on any other device. The mathematics is in docs/probing.md.
/// </summary>
public sealed class DeltaForwardEngine : IProbeEngine
{
    // 64 MiB of float32 updates.
    private const long MaxValuesPerCall = 1 << 24;

    private readonly NetworkSpec _network;
    private readonly LossFunction _loss;
    private readonly torch.Device _device;
    private readonly long _seed;

    /// <summary>Creates the engine for one network.</summary>
    /// <param name="network">The network to train.</param>
    /// <param name="loss">Its loss and prediction.</param>
    /// <param name="device">Where the trainer and the shards compute.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <exception cref="ArgumentException">The network lacks what its kind needs, or its image is too small.</exception>
    public DeltaForwardEngine(NetworkSpec network, LossFunction loss, torch.Device device, long seed)
    {
        _network = network;
        _loss = loss;
        _device = device;
        _seed = seed;
        var valuesPerStep = Stage.Of(network).Sum(s => (long)s.Layer.StepLengths.First + s.Layer.StepLengths.Second);
        MaxStepsPerCall = (int)Math.Max(1, MaxValuesPerCall / valuesPerStep);
    }

    /// <inheritdoc/>
    public ProbeEngineKind Kind => ProbeEngineKind.DeltaForward;

    /// <inheritdoc/>
    public string Precision => "probes float32, trainer float64";

    /// <summary>As many as 64 MiB hold: every step carries the whole change of a convolution's kernels, or two vectors a fully connected layer.</summary>
    public int MaxStepsPerCall { get; }

    /// <inheritdoc/>
    public bool CanClose => false;

    /// <inheritdoc/>
    public IStepper CreateStepper(NetworkWeights? weights = null)
    {
        if (!_network.IsLayered)
            return new DeltaForwardStepper(NetworkWeights.StartFrom(weights, new FullyConnectedNetwork(_network, _device, _seed)), _loss, _device);
        var layered = NetworkWeights.StartFrom(weights, new LayeredNetwork(_network, _device, _seed));
        return _network.Convolutions is null
            ? new DeltaForwardStepper(layered, _loss, _device)
            : new LayeredDeltaForwardStepper(layered, _loss, _device);
    }

    /// <inheritdoc/>
    public IProbeShard CreateShard(ReadOnlySpan<double> features, int count) => _device.type == DeviceType.CPU
        ? new TiledDeltaForwardShard(_network, _loss, features, count, VectorKernels.SupportedWidths[0])
        : new TorchDeltaForwardShard(_network, _loss, _device, features, count);
}
