using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using MessagePack;
using MessagePack.Formatters;

namespace ElasticityStream.Actors.Serialization;

/// <summary>
/// Updates as [0, steps, applied, directions, [[deltas, inputs], …]] for low-rank ones and [1, applied, directions, [weights, …]]
/// for snapshots.
/// </summary>
internal sealed class UpdateBlockFormatter : IMessagePackFormatter<UpdateBlock?>
{
    private const int LowRank = 0;
    private const int Snapshot = 1;

    public void Serialize(ref MessagePackWriter writer, UpdateBlock? value, MessagePackSerializerOptions options)
    {
        switch (value)
        {
            case LowRankUpdateBlock block:
                writer.WriteArrayHeader(5);
                writer.Write(LowRank);
                writer.Write(block.Steps);
                writer.Write(block.Applied);
                RawArrays.Write(ref writer, block.Directions);
                writer.WriteArrayHeader(block.Layers.Count);
                foreach (var layer in block.Layers)
                {
                    writer.WriteArrayHeader(2);
                    RawArrays.Write(ref writer, layer.Deltas);
                    RawArrays.Write(ref writer, layer.Inputs);
                }

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
            (LowRank, 5) => ReadLowRank(ref reader),
            (Snapshot, 4) => ReadSnapshots(ref reader, options),
            _ => throw new MessagePackSerializationException($"No kind of update is {kind} with {fields} fields."),
        };
        reader.Depth--;
        return block;
    }

    private static LowRankUpdateBlock ReadLowRank(ref MessagePackReader reader)
    {
        var steps = reader.ReadInt32();
        var applied = reader.ReadBoolean();
        var directions = RawArrays.ReadRequired<double>(ref reader);
        var layers = new LayerUpdate[reader.ReadArrayHeader()];
        for (var l = 0; l < layers.Length; l++)
        {
            if (reader.ReadArrayHeader() != 2)
                throw new MessagePackSerializationException("A layer's update has two fields: deltas, inputs.");
            layers[l] = new LayerUpdate(RawArrays.ReadRequired<float>(ref reader), RawArrays.ReadRequired<float>(ref reader));
        }

        return new LowRankUpdateBlock(steps, applied, directions, layers);
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
}
