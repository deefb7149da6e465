using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using MessagePack;
using MessagePack.Formatters;

namespace ElasticityStream.Actors.Serialization;

/// <summary>
/// Updates as [0, steps, applied, directions, [[deltas, inputs], …]] for low-rank ones, with the trained probes as a sixth field where they are known, [1, applied, directions, [weights, …]] for
/// snapshots and [2, steps, applied, directions, [[kernels, biases], …], [[deltas, inputs], …]] for convolutional ones.
/// </summary>
internal sealed class UpdateBlockFormatter : IMessagePackFormatter<UpdateBlock?>
{
    private const int LowRank = 0;
    private const int Snapshot = 1;
    private const int Convolutional = 2;

    public void Serialize(ref MessagePackWriter writer, UpdateBlock? value, MessagePackSerializerOptions options)
    {
        switch (value)
        {
            case LowRankUpdateBlock block:
                writer.WriteArrayHeader(block.Probes is null ? 5 : 6);
                writer.Write(LowRank);
                writer.Write(block.Steps);
                writer.Write(block.Applied);
                RawArrays.Write(ref writer, block.Directions);
                WritePairs(ref writer, block.Layers, layer => (layer.Deltas, layer.Inputs));
                if (block.Probes is not null)
                    RawArrays.Write(ref writer, block.Probes);
                break;
            case SnapshotUpdateBlock block:
                writer.WriteArrayHeader(4);
                writer.Write(Snapshot);
                writer.Write(block.Applied);
                RawArrays.Write(ref writer, block.Directions);
                writer.WriteArrayHeader(block.After.Count);
                foreach (var weights in block.After)
                    options.Resolver.GetFormatterWithVerify<NetworkWeights>().Serialize(ref writer, weights, options);
                break;
            case ConvolutionalUpdateBlock block:
                writer.WriteArrayHeader(6);
                writer.Write(Convolutional);
                writer.Write(block.Steps);
                writer.Write(block.Applied);
                RawArrays.Write(ref writer, block.Directions);
                WritePairs(ref writer, block.Kernels, kernel => (kernel.Kernels, kernel.Biases));
                WritePairs(ref writer, block.Layers, layer => (layer.Deltas, layer.Inputs));
                break;
            default:
                throw new MessagePackSerializationException($"Not an update that can be sent: {value}.");
        }
    }

    public UpdateBlock? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        options.Security.DepthStep(ref reader);
        var fields = reader.ReadArrayHeader();
        var kind = reader.ReadInt32();
        UpdateBlock block = (kind, fields) switch
        {
            (LowRank, 5 or 6) => ReadLowRank(ref reader, hasProbes: fields == 6),
            (Snapshot, 4) => ReadSnapshots(ref reader, options),
            (Convolutional, 6) => ReadConvolutional(ref reader),
            _ => throw new MessagePackSerializationException($"No kind of update is {kind} with {fields} fields."),
        };
        reader.Depth--;
        return block;
    }

    private static LowRankUpdateBlock ReadLowRank(ref MessagePackReader reader, bool hasProbes)
    {
        var steps = reader.ReadInt32();
        var applied = reader.ReadBoolean();
        var directions = RawArrays.ReadRequired<double>(ref reader);
        var layers = ReadPairs(ref reader, (deltas, inputs) => new LayerUpdate(deltas, inputs));
        return new LowRankUpdateBlock(steps, applied, directions, layers, hasProbes ? RawArrays.ReadRequired<int>(ref reader) : null);
    }

    private static ConvolutionalUpdateBlock ReadConvolutional(ref MessagePackReader reader)
    {
        var steps = reader.ReadInt32();
        var applied = reader.ReadBoolean();
        var directions = RawArrays.ReadRequired<double>(ref reader);
        var kernels = ReadPairs(ref reader, (values, biases) => new KernelUpdate(values, biases));
        var layers = ReadPairs(ref reader, (deltas, inputs) => new LayerUpdate(deltas, inputs));
        return new ConvolutionalUpdateBlock(steps, applied, directions, kernels, layers);
    }

    private static SnapshotUpdateBlock ReadSnapshots(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        var applied = reader.ReadBoolean();
        var directions = RawArrays.ReadRequired<double>(ref reader);
        var formatter = options.Resolver.GetFormatterWithVerify<NetworkWeights>();
        var after = new NetworkWeights[reader.ReadArrayHeader()];
        for (var b = 0; b < after.Length; b++)
            after[b] = formatter.Deserialize(ref reader, options);
        return new SnapshotUpdateBlock(applied, directions, after);
    }

    private static void WritePairs<T>(ref MessagePackWriter writer, IReadOnlyList<T> layers, Func<T, (float[] First, float[] Second)> halves)
    {
        writer.WriteArrayHeader(layers.Count);
        foreach (var layer in layers)
        {
            var (first, second) = halves(layer);
            writer.WriteArrayHeader(2);
            RawArrays.Write(ref writer, first);
            RawArrays.Write(ref writer, second);
        }
    }

    private static T[] ReadPairs<T>(ref MessagePackReader reader, Func<float[], float[], T> create)
    {
        var layers = new T[reader.ReadArrayHeader()];
        for (var l = 0; l < layers.Length; l++)
        {
            if (reader.ReadArrayHeader() != 2)
                throw new MessagePackSerializationException("A layer's update has two fields.");
            layers[l] = create(RawArrays.ReadRequired<float>(ref reader), RawArrays.ReadRequired<float>(ref reader));
        }

        return layers;
    }
}
