using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ElasticityStream.Host.RunFiles;

/// <summary>The header of a <c>.npy</c> file (NumPy's NEP 1: magic, version, length, a Python dictionary literal).</summary>
/// <param name="Description">NumPy's name of the element type, as in <c>&lt;f8</c>.</param>
/// <param name="Shape">The lengths of the dimensions.</param>
internal sealed partial record NpyHeader(string Description, long[] Shape)
{
    private const int Alignment = 64;
    private const int PrefixLength = 10;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>NumPy's name of a little-endian element type.</summary>
    /// <exception cref="NotSupportedException">It is none of double, float, long and int.</exception>
    public static string DescriptionOf<T>()
        where T : unmanaged
    {
        // Files are little-endian and so is every system that libtorch runs on: values are written as they lie in memory.
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Arrays are written as they lie in memory, which this system does in the wrong byte order.");
        if (typeof(T) == typeof(double))
            return "<f8";
        if (typeof(T) == typeof(float))
            return "<f4";
        if (typeof(T) == typeof(long))
            return "<i8";
        if (typeof(T) == typeof(int))
            return "<i4";
        throw new NotSupportedException($"{typeof(T).Name} is not among the types of .npy files here: double, float, long, int.");
    }

    /// <summary>The product of the dimensions; 1 where there are none.</summary>
    public static long Count(ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var length in shape)
        {
            if (length < 0)
                throw new ArgumentOutOfRangeException(nameof(shape), length, "A dimension has at least 0 elements.");
            count = checked(count * length);
        }

        return count;
    }

    /// <summary>
    /// The bytes before the first value. Version 1.0, whose header may have 65,535 bytes: far more than NumPy's 64 dimensions need.
    /// </summary>
    public static byte[] Encode(string description, ReadOnlySpan<long> shape)
    {
        var dictionary = new StringBuilder($"{{'descr': '{description}', 'fortran_order': False, 'shape': (");
        for (var k = 0; k < shape.Length; k++)
            dictionary.Append(CultureInfo.InvariantCulture, $"{(k > 0 ? ", " : "")}{shape[k]}");
        dictionary.Append(shape.Length == 1 ? ",), }" : "), }");

        var unpadded = PrefixLength + dictionary.Length + 1;
        var total = (unpadded + Alignment - 1) / Alignment * Alignment;
        var header = new byte[total];
        header.AsSpan().Fill((byte)' ');
        Magic.CopyTo(header);
        header[6] = 1;
        header[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(total - PrefixLength));
        Encoding.ASCII.GetBytes(dictionary.ToString(), header.AsSpan(PrefixLength));
        header[^1] = (byte)'\n';
        return header;
    }

    /// <summary>Reads the header and leaves the stream at the first value.</summary>
    /// <exception cref="InvalidDataException">It is not a .npy file of version 1, 2 or 3 in C order.</exception>
    /// <exception cref="EndOfStreamException">The file ends within the header.</exception>
    public static NpyHeader Decode(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        if (!prefix[..6].SequenceEqual(Magic))
            throw new InvalidDataException("it does not start with the mark of a .npy file");
        if (prefix[6] is not (1 or 2 or 3))
            throw new InvalidDataException($"its format version is {prefix[6]}.{prefix[7]}; 1.0, 2.0 and 3.0 can be read");

        Span<byte> lengthBytes = stackalloc byte[4];
        lengthBytes.Clear();
        stream.ReadExactly(lengthBytes[..(prefix[6] == 1 ? 2 : 4)]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > 1 << 20)
            throw new InvalidDataException($"its header claims {length} bytes");
        var header = new byte[length];
        stream.ReadExactly(header);

        var text = Encoding.UTF8.GetString(header);
        var match = Dictionary().Match(text);
        if (!match.Success)
            throw new InvalidDataException($"its header cannot be read: {text.Trim()}");
        if (match.Groups["order"].Value == "True")
            throw new InvalidDataException("it is in Fortran order; save it with numpy.ascontiguousarray");
        var shape = match.Groups["shape"].Value
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(length => long.Parse(length, CultureInfo.InvariantCulture))
            .ToArray();
        return new NpyHeader(match.Groups["descr"].Value, shape);
    }

    [GeneratedRegex(
        @"^\{\s*'descr':\s*'(?<descr>[^']+)',\s*'fortran_order':\s*(?<order>True|False),\s*'shape':\s*\((?<shape>[\d,\s]*)\),?\s*\}\s*$",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Dictionary();
}
