using ElasticityStream.Compute.Models;
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
    /// <exception cref="ArgumentException">The network lacks what its kind needs, or its image is too small.</exception>
    public static IProbeEngine Create(ProbeEngineKind kind, NetworkSpec network, LossFunction loss, torch.Device device, long seed)
    {
        var layered = network.Kind is NetworkKind.Cnn or NetworkKind.ResnetMlp;
        if (kind == ProbeEngineKind.FullForward)
        {
            return new FullForwardEngine(
                () => layered ? new LayeredNetwork(network, device, seed) : new FullyConnectedNetwork(network, device, seed),
                network.Outputs, loss, device);
        }

        return layered
            ? new LayeredDeltaForwardEngine(network, loss, device, seed)
            : new DeltaForwardEngine(network, loss, device, seed);
    }

    /// <summary>The name of an engine in study files and reports.</summary>
    public static string Name(ProbeEngineKind kind) => kind switch
    {
        ProbeEngineKind.DeltaForward => "delta-forward",
        ProbeEngineKind.FullForward => "full-forward",
        _ => "auto",
    };
}
