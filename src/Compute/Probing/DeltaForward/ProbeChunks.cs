using ElasticityStream.Compute.Models;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// How a shard divides its work, so that what a block of steps needs at once stays in cache on the CPU and in bounded memory elsewhere. It
/// follows from the network and the kind of device alone: a probe is always computed in products of the same shapes, whichever shard it is
/// in and however many probes that has, and therefore has the same bits (docs/adr/0007).
/// </summary>
/// <param name="Probes">Probes at a time; the last chunk of a shard is filled up with zeros.</param>
/// <param name="Units">Hidden units of a layer at a time.</param>
internal sealed record ProbeChunks(int Probes, int Units)
{
    /// <summary>The most steps that are computed at once; a longer block is several of these.</summary>
    public const int Steps = 64;

    /// <summary>The chunks for a network on a device.</summary>
    public static ProbeChunks For(NetworkSpec network, Device device)
    {
        // Measured on the CPU: 16 probes by 1,024 units are 2 MB a tensor at 32 steps; twice and half of that are no faster. An accelerator
        // wants enough work in a call instead.
        var (fewest, most, cells) = device.type == TorchSharp.DeviceType.CPU ? (16, 64, 16 * 1024) : (64, 512, 512 * 1024);
        var widest = network.Hidden.Append(network.Outputs).Max();
        var probes = Math.Clamp(cells / widest / fewest * fewest, fewest, most);
        return new ProbeChunks(probes, Math.Max(cells / probes, 1));
    }
}
