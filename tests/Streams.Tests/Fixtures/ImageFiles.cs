using System.Buffers.Binary;

namespace ElasticityStream.Streams.Tests.Fixtures;

/// <summary>The bytes of small image files.</summary>
public static class ImageFiles
{
    public const int Rows = 2;
    public const int Columns = 3;

    /// <summary>Image i is filled with the value that tells it from the others.</summary>
    public static byte[] IdxImages(int count) => Idx(
        0x0803, [count, Rows, Columns], [.. Enumerable.Range(0, count * Rows * Columns).Select(i => Pixel(i / (Rows * Columns), i % (Rows * Columns)))]);

    public static byte[] IdxLabels(params byte[] labels) => Idx(0x0801, [labels.Length], labels);

    public static byte Pixel(int image, int place) => (byte)((image * 7) + place);

    public static byte[] Idx(uint magic, int[] lengths, byte[] values)
    {
        var bytes = new byte[4 + (4 * lengths.Length) + values.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, magic);
        for (var i = 0; i < lengths.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), lengths[i]);
        values.CopyTo(bytes.AsSpan(4 + (4 * lengths.Length)));
        return bytes;
    }

    /// <summary>Records with these labels; the pixels of record i start with i, the channels' first bytes are i, i + 1, i + 2.</summary>
    public static byte[] Cifar(params byte[] labels)
    {
        var bytes = new byte[labels.Length * 3073];
        for (var i = 0; i < labels.Length; i++)
        {
            bytes[i * 3073] = labels[i];
            for (var channel = 0; channel < 3; channel++)
                bytes[(i * 3073) + 1 + (channel * 1024)] = (byte)(i + channel);
        }

        return bytes;
    }
}
