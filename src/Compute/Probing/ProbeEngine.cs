using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Probing;

/// <summary>Chooses and creates the probe engines.</summary>
public static class ProbeEngine
{
    /// <summary>Creates the engine of a kind, or the fastest one for the network.</summary>
    /// <param name="kind">The kind asked for.</param>
    /// <param name="network">The network to train.</param>
    /// <param name="loss">Its loss and prediction.</param>
    /// <param name="device">Where the trainer and the shards compute.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <exception cref="ArgumentException">
    /// The network lacks what its kind needs, its image is too small, or the engine is not made for it (<see cref="Refusal"/> says so beforehand).
    /// </exception>
    public static IProbeEngine Create(ProbeEngineKind kind, NetworkSpec network, LossFunction loss, torch.Device device, long seed) =>
        Choose(kind, network) switch
        {
            ProbeEngineKind.FullForward => new FullForwardEngine(network, loss, device, seed),
            ProbeEngineKind.RankOne => new RankOneEngine(network, loss, device, seed),
            _ => new DeltaForwardEngine(network, loss, device, seed),
        };

    /// <summary>Why a choice is what it is, for the record of a run.</summary>
    public static string Reason(ProbeEngineKind kind, NetworkSpec network)
    {
        if (kind != ProbeEngineKind.Auto)
            return "given";
        return network.Kind switch
        {
            NetworkKind.Linear => "auto: a linear model",
            NetworkKind.Cnn => "auto: the network is convolutional",
            NetworkKind.ResnetMlp => "auto: the network has a skip connection",
            _ => RankOneEngine.Supports(network) ? "auto: one hidden layer" : "auto: a fully connected network with more than one hidden layer",
        };
    }

    /// <summary>Why an engine cannot probe a network; null if it can.</summary>
    /// <param name="kind">The engine asked for.</param>
    /// <param name="network">The family of the network.</param>
    /// <param name="hiddenLayers">How many hidden layers it has.</param>
    public static string? Refusal(ProbeEngineKind kind, NetworkKind network, int hiddenLayers) =>
        kind == ProbeEngineKind.RankOne && !RankOneEngine.Supports(network, hiddenLayers)
            ? "rank-one is for linear models and for mlp with one hidden layer; allowed: auto, delta-forward, full-forward"
            : null;

    /// <summary>The name of an engine in study files and reports.</summary>
    public static string Name(ProbeEngineKind kind) => kind switch
    {
        ProbeEngineKind.RankOne => "rank-one",
        ProbeEngineKind.DeltaForward => "delta-forward",
        ProbeEngineKind.FullForward => "full-forward",
        _ => "auto",
    };

    private static ProbeEngineKind Choose(ProbeEngineKind kind, NetworkSpec network)
    {
        if (kind != ProbeEngineKind.Auto)
            return kind;
        return RankOneEngine.Supports(network) ? ProbeEngineKind.RankOne : ProbeEngineKind.DeltaForward;
    }
}
