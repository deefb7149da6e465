using ElasticityStream.Compute.Probing;
using MessagePack;
using MessagePack.Formatters;

namespace ElasticityStream.Actors.Serialization;

/// <summary>A carried state as [[name, type, raw values], …]; the type is 0 for float, 1 for double, 2 for int and 3 for long.</summary>
internal sealed class CarriedStateFormatter : IMessagePackFormatter<CarriedState?>
{
    public void Serialize(ref MessagePackWriter writer, CarriedState? value, MessagePackSerializerOptions options)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(value.Arrays.Count);
        foreach (var array in value.Arrays)
        {
            writer.WriteArrayHeader(3);
            writer.Write(array.Name);
            Write(ref writer, array);
        }
    }

    public CarriedState? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        if (reader.TryReadNil())
            return null;
        options.Security.DepthStep(ref reader);
        var arrays = new CarriedArray[reader.ReadArrayHeader()];
        for (var i = 0; i < arrays.Length; i++)
        {
            if (reader.ReadArrayHeader() != 3)
                throw new MessagePackSerializationException("A carried array has three fields: name, type, values.");
            var name = reader.ReadString() ?? throw new MessagePackSerializationException("A carried array has no name.");
            arrays[i] = new CarriedArray(name, Read(ref reader, name));
        }

        reader.Depth--;
        return new CarriedState(arrays);
    }

    private static void Write(ref MessagePackWriter writer, CarriedArray array)
    {
        switch (array.Values)
        {
            case float[] values:
                writer.Write(0);
                RawArrays.Write(ref writer, values);
                break;
            case double[] values:
                writer.Write(1);
                RawArrays.Write(ref writer, values);
                break;
            case int[] values:
                writer.Write(2);
                RawArrays.Write(ref writer, values);
                break;
            case long[] values:
                writer.Write(3);
                RawArrays.Write(ref writer, values);
                break;
            default:
                throw new MessagePackSerializationException($"'{array.Name}' is of {array.Values.GetType().Name}; a carried array is of float, double, int or long.");
        }
    }

    private static Array Read(ref MessagePackReader reader, string name) => reader.ReadInt32() switch
    {
        0 => RawArrays.ReadRequired<float>(ref reader),
        1 => RawArrays.ReadRequired<double>(ref reader),
        2 => RawArrays.ReadRequired<int>(ref reader),
        3 => RawArrays.ReadRequired<long>(ref reader),
        var type => throw new MessagePackSerializationException($"'{name}' has the type {type}; there are 0 to 3."),
    };
}
