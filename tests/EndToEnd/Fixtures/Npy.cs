using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>Reads the .npy files that the host writes, by the format's own description and without the host's code.</summary>
/// <param name="Type">The element type, as in "&lt;f8".</param>
/// <param name="Shape">The lengths of the dimensions.</param>
/// <param name="Bytes">The elements, row-major.</param>
public sealed partial record Npy(string Type, int[] Shape, byte[] Bytes)
{
    public static Npy Read(string path)
    {
        var file = File.ReadAllBytes(path);
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0], file[..8]);
        var start = 10 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        Assert.Equal(0, start % 64);
        var header = Header().Match(Encoding.ASCII.GetString(file, 10, start - 10));
        Assert.True(header.Success, path);
        Assert.Equal("False", header.Groups["order"].Value);
        var shape = header.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var type = header.Groups["type"].Value;
        var size = int.Parse(type[2..], CultureInfo.InvariantCulture) * (type[1] == 'U' ? 4 : 1);
        Assert.Equal(start + ((long)size * shape.Aggregate(1, (a, b) => a * b)), file.Length);
        return new Npy(type, shape, file[start..]);
    }

    public double[] Doubles() => As<double>("<f8");

    public long[] Longs() => As<long>("<i8");

    public int[] Ints() => As<int>("<i4");

    public string[] Strings()
    {
        Assert.StartsWith("<U", Type, StringComparison.Ordinal);
        var size = Bytes.Length / Math.Max(1, Shape[0]);
        return [.. Enumerable.Range(0, Shape[0]).Select(i => Encoding.UTF32.GetString(Bytes, i * size, size).TrimEnd('\0'))];
    }

    private T[] As<T>(string type)
        where T : unmanaged
    {
        Assert.Equal(type, Type);
        return MemoryMarshal.Cast<byte, T>(Bytes).ToArray();
    }

    [GeneratedRegex(@"^\{'descr': '(?<type>[^']+)', 'fortran_order': (?<order>\w+), 'shape': \((?<shape>[^)]*)\), \} *\n$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Header();
}
