using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Delta-forward for networks with convolutions, pooling and skip connections: each step's change is propagated layer by layer. The
/// trainer computes in float64, the probes in float32. The mathematics is in docs/probing.md.
/// </summary>
public sealed class LayeredDeltaForwardEngine : IProbeEngine
{
    // 64 MiB of float32 updates.
    private const long MaxValuesPerCall = 1 << 24;

    private readonly NetworkSpec _network;
    private readonly IReadOnlyList<Stage> _stages;
    private readonly LossFunction _loss;
    private readonly torch.Device _device;
    private readonly long _seed;

    /// <summary>Creates the engine for one network.</summary>
    /// <param name="network">The network to train.</param>
    /// <param name="loss">Its loss and prediction.</param>
    /// <param name="device">Where the trainer and the shards compute.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <exception cref="ArgumentException">The network lacks what its kind needs, or its image is too small.</exception>
    public LayeredDeltaForwardEngine(NetworkSpec network, LossFunction loss, torch.Device device, long seed)
    {
        _network = network;
        _stages = Stage.Of(network);
        _loss = loss;
        _device = device;
        _seed = seed;
        MaxStepsPerCall = (int)Math.Max(1, MaxValuesPerCall / _stages.Sum(s => (long)s.Layer.StepLengths.First + s.Layer.StepLengths.Second));
    }

    /// <inheritdoc/>
    public ProbeEngineKind Kind => ProbeEngineKind.DeltaForward;

    /// <inheritdoc/>
    public string Precision => "probes float32, trainer float64";

    /// <summary>As many as 64 MiB hold: every step carries the whole change of the convolutions' kernels.</summary>
    public int MaxStepsPerCall { get; }

    /// <inheritdoc/>
    public bool CanClose => false;

    /// <inheritdoc/>
    public IStepper CreateStepper(NetworkWeights? weights = null) => new LayeredDeltaForwardStepper(
        NetworkWeights.StartFrom(weights, new LayeredNetwork(_network, _device, _seed)), _loss, _device);

    /// <inheritdoc/>
    public IProbeShard CreateShard(ReadOnlySpan<double> features, int count) =>
        new LayeredDeltaForwardShard(_stages, _network.Outputs, _loss, _device, features, count);
}
