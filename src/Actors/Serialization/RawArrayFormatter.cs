using MessagePack;
using MessagePack.Formatters;

namespace ElasticityStream.Actors.Serialization;

/// <summary>Formats an array of numbers as raw little-endian values.</summary>
internal sealed class RawArrayFormatter<T> : IMessagePackFormatter<T[]?>
    where T : unmanaged
{
    public void Serialize(ref MessagePackWriter writer, T[]? value, MessagePackSerializerOptions options) => RawArrays.Write(ref writer, value);

    public T[]? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => RawArrays.Read<T>(ref reader);
}
