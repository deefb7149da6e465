using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing.Vectorised;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Propagates the change that a step makes through the layers instead of subtracting two predictions, so that it loses nothing
/// at small learning rates. Fully connected networks; the trainer computes in float64, the probes in float32. The mathematics is in docs/probing.md.
/// </summary>
public sealed class DeltaForwardEngine : IProbeEngine
{
    private readonly NetworkSpec _network;
    private readonly LossFunction _loss;
    private readonly torch.Device _device;
    private readonly long _seed;

    /// <summary>Creates the engine for one network.</summary>
    /// <param name="network">The network to train.</param>
    /// <param name="loss">Its loss and prediction.</param>
    /// <param name="device">Where the trainer and the shards compute.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    public DeltaForwardEngine(NetworkSpec network, LossFunction loss, torch.Device device, long seed)
    {
        _network = network;
        _loss = loss;
        _device = device;
        _seed = seed;
    }

    /// <inheritdoc/>
    public ProbeEngineKind Kind => ProbeEngineKind.DeltaForward;

    /// <inheritdoc/>
    public string Precision => "probes float32, trainer float64";

    /// <inheritdoc/>
    public int MaxStepsPerCall => int.MaxValue;

    /// <inheritdoc/>
    public bool CanClose => false;

    /// <inheritdoc/>
    public IStepper CreateStepper(NetworkWeights? weights = null) => new DeltaForwardStepper(
        NetworkWeights.StartFrom(weights, new FullyConnectedNetwork(_network, _device, _seed)), _loss, _device);

    /// <inheritdoc/>
    public IProbeShard CreateShard(ReadOnlySpan<double> features, int count) => _device.type == DeviceType.CPU
        ? new TiledDeltaForwardShard(_network, _loss, features, count, VectorKernels.SupportedWidths[0])
        : new TorchDeltaForwardShard(_network, _loss, _device, features, count);
}
