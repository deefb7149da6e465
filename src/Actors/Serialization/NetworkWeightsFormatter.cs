using ElasticityStream.Compute.Models;
using MessagePack;
using MessagePack.Formatters;

namespace ElasticityStream.Actors.Serialization;

/// <summary>Weights as [[name, [dimensions], raw float64 values], …].</summary>
internal sealed class NetworkWeightsFormatter : IMessagePackFormatter<NetworkWeights?>
{
    public void Serialize(ref MessagePackWriter writer, NetworkWeights? value, MessagePackSerializerOptions options)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(value.Parameters.Count);
        foreach (var parameter in value.Parameters)
        {
            writer.WriteArrayHeader(3);
            writer.Write(parameter.Name);
            writer.WriteArrayHeader(parameter.Shape.Length);
            foreach (var length in parameter.Shape)
                writer.Write(length);
            RawArrays.Write(ref writer, parameter.Values);
        }
    }

    public NetworkWeights? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        if (reader.TryReadNil())
            return null;
        options.Security.DepthStep(ref reader);
        var parameters = new ParameterArray[reader.ReadArrayHeader()];
        for (var i = 0; i < parameters.Length; i++)
            parameters[i] = ReadParameter(ref reader);
        reader.Depth--;
        return new NetworkWeights(parameters);
    }

    private static ParameterArray ReadParameter(ref MessagePackReader reader)
    {
        if (reader.ReadArrayHeader() != 3)
            throw new MessagePackSerializationException("A parameter has three fields: name, shape, values.");
        var name = reader.ReadString() ?? throw new MessagePackSerializationException("A parameter has no name.");
        var shape = new long[reader.ReadArrayHeader()];
        var count = 1L;
        for (var k = 0; k < shape.Length; k++)
        {
            shape[k] = reader.ReadInt64();
            if (shape[k] < 0)
                throw new MessagePackSerializationException($"Parameter '{name}' has a length of {shape[k]}; 0 is the least.");
            count = checked(count * shape[k]);
        }

        var values = RawArrays.ReadRequired<double>(ref reader);
        if (values.LongLength != count)
            throw new MessagePackSerializationException($"Parameter '{name}' [{string.Join(", ", shape)}] has {values.LongLength} values.");
        return new ParameterArray(name, shape, values);
    }
}
