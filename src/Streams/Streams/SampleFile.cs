using System.IO.Compression;

namespace ElasticityStream.Streams;

/// <summary>Opens the files that sources read. Whether one is gzip-compressed is told by its first two bytes, not by its name.</summary>
internal static class SampleFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>The full path of a file named in a study.</summary>
    /// <param name="context">Its base directory is where a relative path starts.</param>
    /// <param name="path">As written in the study.</param>
    public static string Resolve(SampleSourceContext context, string path) => Path.GetFullPath(path, Path.GetFullPath(context.BaseDirectory));

    /// <summary>Opens a file for one reading from start to end, decompressed where it is gzip.</summary>
    /// <param name="path">A full path.</param>
    /// <param name="whatToDo">What the user should do about a missing file; ends the message.</param>
    /// <exception cref="SampleSourceException">The file is missing or cannot be opened.</exception>
    public static Stream Open(string path, string whatToDo)
    {
        try
        {
            return Decompressed(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SampleSourceException($"{path}: there is no such file. {whatToDo}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SampleSourceException($"{path}: cannot be opened: {exception.Message}", exception) { IsTransient = IsTransient(exception) };
        }
    }

    /// <summary>Decompresses a seekable stream that starts like gzip, and returns any other as it is; closes one that cannot be read.</summary>
    public static Stream Decompressed(Stream stream)
    {
        try
        {
            var isGzip = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
            stream.Position = 0;
            return isGzip ? new BufferedStream(new GZipStream(stream, CompressionMode.Decompress), BufferSize) : stream;
        }
        catch
        {
            // Tried again and again, an opening that fails must not leave a file open each time.
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads until <paramref name="buffer"/> is full or the file ends.</summary>
    /// <returns>How many bytes were read.</returns>
    /// <exception cref="SampleSourceException">The file cannot be read or decompressed.</exception>
    public static int Read(Stream stream, Span<byte> buffer, string name)
    {
        try
        {
            return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (IsTransient(exception))
        {
            throw new SampleSourceException($"{name}: cannot be read: {exception.Message}", exception) { IsTransient = true };
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new SampleSourceException($"{name}: cannot be read to its end; the file is truncated or damaged: " +
                $"{exception.Message}", exception);
        }
    }

    /// <summary>Whether the device or the network failed, which may be over soon, and not what the study names or the file holds.</summary>
    public static bool IsTransient(Exception cause) => cause is IOException
        and not (FileNotFoundException or DirectoryNotFoundException or DriveNotFoundException or PathTooLongException or EndOfStreamException);
}
