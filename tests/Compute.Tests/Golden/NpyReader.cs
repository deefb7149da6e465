using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace ElasticityStream.Compute.Tests.Golden;

/// <summary>
/// Reads `.npy` files (format version 1.0 to 3.0) of little-endian float64 or int64 in C order, the only kinds among the golden files.
/// </summary>
public static partial class NpyReader
{
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a float64 array.</summary>
    /// <exception cref="InvalidDataException">The file is no `.npy` of float64 in C order, or is too short or too long.</exception>
    public static NpyArray<double> ReadDoubles(string path) => Read<double>(path, "<f8");

    /// <summary>Reads an int64 array.</summary>
    /// <exception cref="InvalidDataException">The file is no `.npy` of int64 in C order, or is too short or too long.</exception>
    public static NpyArray<long> ReadLongs(string path) => Read<long>(path, "<i8");

    private static NpyArray<T> Read<T>(string path, string type)
        where T : unmanaged
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 12 || !bytes.AsSpan(0, 6).SequenceEqual(Magic))
            throw new InvalidDataException($"{path}: not a .npy file.");
        var start = bytes[6] == 1 ? 10 : 12;
        var length = bytes[6] == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8))
            : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8));
        var header = Encoding.ASCII.GetString(bytes, start, length);
        var match = HeaderPattern().Match(header);
        if (!match.Success || match.Groups["type"].Value != type)
            throw new InvalidDataException($"{path}: expected {type} in C order, found header {header.Trim()}.");
        var shape = match.Groups["shape"].Value
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(axis => int.Parse(axis, CultureInfo.InvariantCulture))
            .ToArray();
        var body = bytes.AsSpan(start + length);
        if (body.Length != shape.Aggregate(8L, (product, axis) => product * axis))
            throw new InvalidDataException($"{path}: {body.Length} bytes of values do not fill shape ({string.Join(", ", shape)}).");
        return new NpyArray<T>(MemoryMarshal.Cast<byte, T>(body).ToArray(), shape);
    }

    [GeneratedRegex(@"^\{'descr': '(?<type>[^']+)', 'fortran_order': False, 'shape': \((?<shape>[0-9, ]*)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HeaderPattern();
}
