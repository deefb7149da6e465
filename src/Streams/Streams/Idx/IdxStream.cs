using System.Buffers.Binary;

namespace ElasticityStream.Streams.Idx;

/// <summary>
/// Reads an IDX file of unsigned bytes (the format of MNIST): two zero bytes, the type 0x08, the number of dimensions, each dimension as a
/// big-endian 32-bit integer, then the values in row-major order.
/// </summary>
internal sealed class IdxStream : IDisposable
{
    private readonly Stream _stream;

    private IdxStream(string name, Stream stream, int[] dimensions)
    {
        Name = name;
        _stream = stream;
        Count = dimensions[0];
        ItemShape = dimensions[1..];
        ItemLength = ItemShape.Aggregate(1, (product, length) => product * length);
    }

    /// <summary>What the file is called in messages.</summary>
    public string Name { get; }

    /// <summary>How many items the header promises.</summary>
    public int Count { get; }

    /// <summary>The shape of one item: empty for labels, <c>[rows, columns]</c> for images.</summary>
    public IReadOnlyList<int> ItemShape { get; }

    /// <summary>How many bytes one item takes.</summary>
    public int ItemLength { get; }

    /// <summary>Reads the header of a labels file.</summary>
    /// <exception cref="SampleSourceException">It is not one.</exception>
    public static IdxStream OpenLabels(string name, Func<Stream> open) => Open(name, open, dimensions: 1, "labels: one dimension");

    /// <summary>Reads the header of an images file.</summary>
    /// <exception cref="SampleSourceException">It is not one.</exception>
    public static IdxStream OpenImages(string name, Func<Stream> open) => Open(name, open, dimensions: 3, "images: three dimensions");

    /// <summary>Reads the next items.</summary>
    /// <param name="items">Room for <paramref name="count"/> items.</param>
    /// <param name="first">The index of the first of them, for the message.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="SampleSourceException">The file ends before.</exception>
    public void Read(Span<byte> items, int first, int count)
    {
        var read = SampleFile.Read(_stream, items[..(count * ItemLength)], Name);
        if (read < count * ItemLength)
        {
            throw new SampleSourceException(
                $"{Name}: is truncated: its header promises {Count} items of {ItemLength} bytes, but it ends within item " +
                $"{first + (read / ItemLength)}.");
        }
    }

    /// <summary>Checks that nothing follows the last item.</summary>
    /// <exception cref="SampleSourceException">Something does.</exception>
    public void RequireEnd()
    {
        Span<byte> one = stackalloc byte[1];
        if (SampleFile.Read(_stream, one, Name) > 0)
        {
            throw new SampleSourceException($"{Name}: goes on after the {Count} items of {ItemLength} bytes that its header promises; " +
                "the header and the content do not belong together.");
        }
    }

    public void Dispose() => _stream.Dispose();

    private static IdxStream Open(string name, Func<Stream> open, int dimensions, string expected)
    {
        var stream = open();
        try
        {
            var header = new byte[4 * (1 + dimensions)];
            var read = SampleFile.Read(stream, header, name);
            var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
            var expectedMagic = 0x0800U + (uint)dimensions;
            if (read >= 4 && magic != expectedMagic)
            {
                throw new SampleSourceException($"{name}: starts with 0x{magic:X8}, but an IDX file of {expected} of unsigned bytes " +
                    $"starts with 0x{expectedMagic:X8}.");
            }

            if (read < header.Length)
            {
                throw new SampleSourceException($"{name}: is truncated: it has {read} bytes, but the header of an IDX file of " +
                    $"{expected} takes {header.Length}.");
            }

            var lengths = new int[dimensions];
            for (var i = 0; i < dimensions; i++)
                lengths[i] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * (1 + i)));
            RequirePlausible(name, lengths);
            return new IdxStream(name, stream, lengths);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static void RequirePlausible(string name, int[] lengths)
    {
        const int LongestSide = 1 << 14;
        if (lengths[0] < 0 || lengths[1..].Any(length => length is < 1 or > LongestSide))
        {
            throw new SampleSourceException(
                $"{name}: its header gives the sizes {string.Join(" x ", lengths)}; allowed: 0 items or more, with 1 to {LongestSide} rows and columns.");
        }
    }
}
