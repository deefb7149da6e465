using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Subtracts complete forward passes before and after each step. Any module of float64 parameters whose input is B x d and whose
/// output is B x K. Slow, and independent of the other engines' mathematics: the oracle.
/// </summary>
public sealed class FullForwardEngine : IProbeEngine
{
    private readonly Func<nn.Module<Tensor, Tensor>> _create;
    private readonly int _outputs;
    private readonly LossFunction _loss;
    private readonly Device _device;

    /// <summary>Creates the engine for the modules that a factory makes.</summary>
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

    /// <summary>1: every step carries a complete copy of the weights.</summary>
    public int MaxStepsPerCall => 1;

    /// <inheritdoc/>
    public bool CanClose => false;

    /// <inheritdoc/>
    public IStepper CreateStepper(NetworkWeights? weights = null) =>
        new FullForwardStepper(NetworkWeights.StartFrom(weights, _create()), _outputs, _loss, _device);

    /// <inheritdoc/>
    public IProbeShard CreateShard(ReadOnlySpan<double> features, int count) =>
        new FullForwardShard(_create(), _outputs, _loss, Staging.ToTensor(features, count, ScalarType.Float64, _device), count);
}
