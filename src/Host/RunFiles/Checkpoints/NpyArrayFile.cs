using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>
/// A one-dimensional array as a <c>.npy</c> file that is hashed while it is written or read: between the array and the file there is no copy, and no
/// second pass. The header is the one that <see cref="NpyHeader"/> writes, to the byte.
/// </summary>
internal static class NpyArrayFile
{
    // What is hashed is still in the cache when it is written; and a span of bytes cannot hold an array of 2 GiB.
    private const int BytesPerChunk = 1 << 20;

    /// <summary>NumPy's name of an array's type.</summary>
    /// <exception cref="ArgumentException">It is none of float, double, int and long.</exception>
    public static string TypeOf(Array values)
    {
        // Not by pattern: to the runtime a uint[] is an int[], too.
        var type = values.GetType();
        return type == typeof(float[]) ? "float32"
            : type == typeof(double[]) ? "float64"
            : type == typeof(int[]) ? "int32"
            : type == typeof(long[]) ? "int64"
            : throw new ArgumentException($"An array of a checkpoint is float[], double[], int[] or long[], not {type.Name}.", nameof(values));
    }

    /// <summary>Whether there is such a type.</summary>
    public static bool IsType(string type) => type is "float32" or "float64" or "int32" or "int64";

    /// <summary>The size of the file of an array.</summary>
    /// <param name="type">Of those that <see cref="TypeOf"/> returns.</param>
    /// <param name="length">How many elements, at most <see cref="Array.MaxLength"/>.</param>
    public static long Size(string type, long length) => Header(type, length).Length + length * BytesPerElement(type);

    /// <summary>Writes a whole file.</summary>
    /// <returns>Its XXH128, in hexadecimal digits.</returns>
    public static string Write(SafeFileHandle file, Array values)
    {
        var type = TypeOf(values);
        var hash = new XxHash128();
        var header = Header(type, values.LongLength);
        hash.Append(header);
        RandomAccess.Write(file, header, 0);
        var bytes = values.LongLength * BytesPerElement(type);
        for (var at = 0L; at < bytes; at += BytesPerChunk)
        {
            var chunk = Chunk(values, at, bytes);
            hash.Append(chunk);
            RandomAccess.Write(file, chunk, header.Length + at);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Reads a whole file and checks every byte of it.</summary>
    /// <exception cref="InvalidDataException">It is not the one that was written; the message starts with its name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Array Read(string folder, ManifestArray array)
    {
        var info = new FileInfo(Path.Combine(folder, array.File));
        if (!info.Exists)
            throw new InvalidDataException($"{array.File} is missing");
        // Before room is made for it. And a pipe, which would keep whoever opens it waiting, has no length.
        if (info.Length != array.Bytes)
            throw new InvalidDataException($"{array.File} has {info.Length} bytes instead of {array.Bytes}");

        using var file = File.OpenHandle(info.FullName, FileMode.Open, FileAccess.Read, FileShare.Read);
        var hash = new XxHash128();
        var expected = Header(array.Type, array.Length);
        var header = new byte[expected.Length];
        ReadExactly(file, header, 0, array);
        hash.Append(header);

        var values = Allocate(array.Type, array.Length);
        var bytes = array.Length * BytesPerElement(array.Type);
        for (var at = 0L; at < bytes; at += BytesPerChunk)
        {
            var chunk = Chunk(values, at, bytes);
            ReadExactly(file, chunk, header.Length + at, array);
            hash.Append(chunk);
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != array.Hash)
            throw new InvalidDataException($"{array.File} does not match its checksum (the file was changed or is damaged)");
        if (!header.AsSpan().SequenceEqual(expected))
            throw new InvalidDataException($"{array.File} has not the header of {array.Length} values of {array.Type}");
        return values;
    }

    private static byte[] Header(string type, long length) => type switch
    {
        "float32" => NpyHeader.Encode(NpyHeader.DescriptionOf<float>(), [length]),
        "float64" => NpyHeader.Encode(NpyHeader.DescriptionOf<double>(), [length]),
        "int32" => NpyHeader.Encode(NpyHeader.DescriptionOf<int>(), [length]),
        _ => NpyHeader.Encode(NpyHeader.DescriptionOf<long>(), [length]),
    };

    private static Array Allocate(string type, long length) => type switch
    {
        "float32" => GC.AllocateUninitializedArray<float>((int)length),
        "float64" => GC.AllocateUninitializedArray<double>((int)length),
        "int32" => GC.AllocateUninitializedArray<int>((int)length),
        _ => GC.AllocateUninitializedArray<long>((int)length),
    };

    private static int BytesPerElement(string type) => type is "float32" or "int32" ? 4 : 8;

    private static Span<byte> Chunk(Array values, long at, long bytes) => MemoryMarshal.CreateSpan(
        ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(values), (nint)at), (int)Math.Min(BytesPerChunk, bytes - at));

    private static void ReadExactly(SafeFileHandle file, Span<byte> bytes, long at, ManifestArray array)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(file, bytes, at);
            if (read == 0)
                throw new InvalidDataException($"{array.File} became shorter while it was read");
            bytes = bytes[read..];
            at += read;
        }
    }
}
