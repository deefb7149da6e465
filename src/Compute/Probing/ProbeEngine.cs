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
    /// <exception cref="ArgumentException">The engine is not made for the network; <see cref="Refusal"/> says so beforehand.</exception>
    public static IProbeEngine Create(ProbeEngineKind kind, NetworkSpec network, LossFunction loss, torch.Device device, long seed) =>
        Choose(kind, network) switch
        {
            ProbeEngineKind.FullForward => new FullForwardEngine(
                () => new FullyConnectedNetwork(network, device, seed), network.Outputs, loss, device),
            ProbeEngineKind.RankOne => new RankOneEngine(network, loss, device, seed),
            _ => new DeltaForwardEngine(network, loss, device, seed),
        };

    /// <summary>Why a choice is what it is, for the record of a run.</summary>
    public static string Reason(ProbeEngineKind kind, NetworkSpec network)
    {
        if (kind != ProbeEngineKind.Auto)
            return "given";
        if (!RankOneEngine.Supports(network))
            return "auto: a fully connected network with more than one hidden layer";
        return network.Hidden.Count == 0 ? "auto: a linear model" : "auto: one hidden layer";
    }

    /// <summary>Why an engine cannot probe a network; null if it can.</summary>
    public static string? Refusal(ProbeEngineKind kind, IReadOnlyList<int> hidden) => kind == ProbeEngineKind.RankOne && hidden.Count > 1
        ? $"rank-one is for one hidden layer or none, and the model has {hidden.Count}; allowed: auto, delta-forward, full-forward"
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
