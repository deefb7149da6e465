using ElasticityStream.Compute.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// How a shard divides its work, so that what a block of steps needs at once stays in cache on the CPU and in bounded memory elsewhere.
/// It follows from the network and the kind of device alone: a probe is always computed in products of the same shapes, whichever shard
/// it is in and however many probes that has, and therefore has the same bits (docs/adr/0007).
/// </summary>
/// <param name="Probes">Probes at a time; the last chunk of a shard is filled up with zeros.</param>
/// <param name="Units">Hidden units of a layer at a time.</param>
internal sealed record ProbeChunks(int Probes, int Units)
{
    /// <summary>The most steps that are computed at once; a longer block is several of these.</summary>
    public const int Steps = 64;

    /// <summary>How many probes at a time get their pre-activations from the weights: the tiles of float64 products are others.</summary>
    public const int Loaded = 96;

    // Torch computes the last elements of a tensor, beyond a multiple of 32, by other instructions.
    private const int Tile = 32;

    // The matrix library does so with the columns of a product that is narrower than one of its tiles, and then also by row.
    private const int NarrowestProduct = 24;

    /// <summary>The chunks for a network on a device.</summary>
    public static ProbeChunks For(NetworkSpec network, Device device)
    {
        // Measured on the CPU: 2 MB a tensor at 32 steps; half and twice that cost the same. An accelerator wants enough work in a call.
        var (most, cells) = device.type == DeviceType.CPU ? (2 * Tile, 16 * 1024) : (16 * Tile, 512 * 1024);
        var probes = Math.Clamp(cells / network.Hidden.Append(network.Outputs).Max() / Tile * Tile, Tile, most);
        return new ProbeChunks(probes, cells / probes / Tile * Tile);
    }

    /// <summary>How many columns to compute where a product has <paramref name="count"/>: too few are filled up with zeros.</summary>
    public static int Filled(int count) => count == 1 ? 1 : Math.Max(count, NarrowestProduct);

    /// <summary>Rows with rows of zeros up to <see cref="Filled"/>.</summary>
    public static Tensor Fill(Tensor rows)
    {
        var count = (int)rows.shape[0];
        return Filled(count) == count
            ? rows
            : cat([rows, zeros([Filled(count) - count, rows.shape[1]], dtype: rows.dtype, device: rows.device)], 0);
    }
}
