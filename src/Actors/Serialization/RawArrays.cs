using System.Buffers;
using System.Runtime.InteropServices;
using MessagePack;

namespace ElasticityStream.Actors.Serialization;

/// <summary>Arrays of numbers as MessagePack binaries of raw little-endian values: 4 bytes a float instead of 5, 8 a double instead of 9.</summary>
internal static class RawArrays
{
    public static void Write<T>(ref MessagePackWriter writer, T[]? values)
        where T : unmanaged
    {
        RequireLittleEndian();
        if (values is null)
            writer.WriteNil();
        else
            writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    public static T[]? Read<T>(ref MessagePackReader reader)
        where T : unmanaged
    {
        RequireLittleEndian();
        if (reader.ReadBytes() is not { } bytes)
            return null;
        var size = Marshal.SizeOf<T>();
        if (bytes.Length % size != 0)
            throw new MessagePackSerializationException($"{bytes.Length} bytes are not a whole number of {typeof(T).Name} values.");
        var values = new T[bytes.Length / size];
        bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    public static T[] ReadRequired<T>(ref MessagePackReader reader)
        where T : unmanaged => Read<T>(ref reader) ?? throw new MessagePackSerializationException($"An array of {typeof(T).Name} is missing.");

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("The wire format is little-endian, and so must the machine be.");
    }
}
