using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ElasticityStream.Host.RunFiles;

/// <summary>
/// NumPy's array files (<c>.npy</c>, version 1.0, little-endian, C order; read also 2.0 and 3.0). Files are replaced whole or
/// not at all. <see cref="Create{T}"/> is for arrays that do not fit into one span.
/// </summary>
public static class NpyFile
{
    private const int ElementsPerChunk = 1 << 20;
    private const int BytesPerCharacter = 4;

    /// <summary>Starts a file for an array that is written piece by piece.</summary>
    /// <param name="path">The file; an existing one is replaced on completion.</param>
    /// <param name="shape">The lengths of the dimensions, each at least 0; none for a single number.</param>
    /// <exception cref="RunDirectoryException">The file could not be created.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is not double, float, long or int.</exception>
    public static NpyWriter<T> Create<T>(string path, params ReadOnlySpan<long> shape)
        where T : unmanaged => new(path, shape);

    /// <summary>Writes an array of double, float, long or int.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="values">The values in C order.</param>
    /// <param name="shape">The lengths of the dimensions; their product is the number of values.</param>
    /// <exception cref="RunDirectoryException">The file could not be written.</exception>
    /// <exception cref="InvalidOperationException">The shape does not match the number of values.</exception>
    public static void Write<T>(string path, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        using var writer = Create<T>(path, shape);
        writer.Append(values);
        writer.Complete();
    }

    /// <summary>Writes a vector of strings (ids, class names) as NumPy's fixed-width unicode, <c>&lt;U</c>.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="values">The strings, without trailing NUL characters: NumPy pads with them.</param>
    /// <exception cref="RunDirectoryException">The file could not be written.</exception>
    public static void WriteStrings(string path, IReadOnlyList<string> values)
    {
        // A width of 0 is legal, but NumPy itself writes at least 1.
        var width = values.Select(CountOfCodePoints).DefaultIfEmpty(0).Max();
        width = Math.Max(width, 1);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(NpyHeader.Encode($"<U{width}", [values.Count]));
            var field = new byte[width * BytesPerCharacter];
            foreach (var value in values)
            {
                field.AsSpan().Clear();
                var offset = 0;
                foreach (var rune in value.EnumerateRunes())
                {
                    BinaryPrimitives.WriteInt32LittleEndian(field.AsSpan(offset), rune.Value);
                    offset += BytesPerCharacter;
                }

                stream.Write(field);
            }
        });

        static int CountOfCodePoints(string value)
        {
            var count = 0;
            foreach (var _ in value.EnumerateRunes())
                count++;
            return count;
        }
    }

    /// <summary>Reads an array of double, float, long or int; the file's element type has to be that one.</summary>
    /// <exception cref="InvalidDataException">Not such a file, or a truncated one; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NpyArray<T> Read<T>(string path)
        where T : unmanaged =>
        Read(path, (stream, header) =>
        {
            var expected = NpyHeader.DescriptionOf<T>();
            if (header.Description != expected)
                throw new InvalidDataException($"it holds values of type '{header.Description}'; '{expected}' was expected");
            var count = NpyHeader.Count(header.Shape);
            // Before room is made for them: a damaged header may claim any number.
            if (count > (stream.Length - stream.Position) / Marshal.SizeOf<T>())
                throw new EndOfStreamException();
            var values = new T[count];
            for (var start = 0; start < values.Length; start += ElementsPerChunk)
                stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan(start, Math.Min(ElementsPerChunk, values.Length - start))));
            return new NpyArray<T>(values, header.Shape);
        });

    /// <summary>Reads a vector of fixed-width unicode strings.</summary>
    /// <exception cref="InvalidDataException">Not such a file, or a truncated one; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> ReadStrings(string path) =>
        Read(path, (stream, header) =>
        {
            if (!header.Description.StartsWith("<U", StringComparison.Ordinal) || header.Shape.Length != 1)
                throw new InvalidDataException(
                    $"it holds values of type '{header.Description}' in {header.Shape.Length} dimensions; a vector of '<U' was expected");
            var width = int.Parse(header.Description.AsSpan(2), CultureInfo.InvariantCulture);
            var field = new byte[width * BytesPerCharacter];
            var values = new string[header.Shape[0]];
            for (var k = 0; k < values.Length; k++)
            {
                stream.ReadExactly(field);
                values[k] = Encoding.UTF32.GetString(field).TrimEnd('\0');
            }

            return values;
        });

    private static TResult Read<TResult>(string path, Func<Stream, NpyHeader, TResult> read)
    {
        using var stream = File.OpenRead(path);
        try
        {
            var result = read(stream, NpyHeader.Decode(stream));
            if (stream.ReadByte() != -1)
                throw new InvalidDataException("there are bytes after the last value");
            return result;
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException($"'{path}' is not a complete .npy file: it ends at byte {stream.Length}.", exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or OverflowException)
        {
            throw new InvalidDataException($"'{path}' is not a .npy file that can be read: {exception.Message}.", exception);
        }
    }
}
