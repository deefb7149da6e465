using System.Runtime.InteropServices;

namespace ElasticityStream.Host.RunFiles;

/// <summary>
/// Writes an array to a <c>.npy</c> file piece by piece, so that it may be larger than a span can be. The file gets its name
/// when <see cref="Complete"/> is called, and only then.
/// </summary>
/// <typeparam name="T"><see cref="double"/>, <see cref="float"/>, <see cref="long"/> or <see cref="int"/>.</typeparam>
public sealed class NpyWriter<T> : IDisposable
    where T : unmanaged
{
    private const int ElementsPerChunk = 1 << 20;

    private readonly AtomicFile _file;
    private readonly string _path;
    private readonly long _expected;
    private long _written;

    internal NpyWriter(string path, ReadOnlySpan<long> shape)
    {
        var header = NpyHeader.Encode(NpyHeader.DescriptionOf<T>(), shape);
        _path = path;
        _expected = NpyHeader.Count(shape);
        _file = AtomicFile.Create(path);
        try
        {
            _file.Attempt(() => _file.Stream.Write(header));
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Appends the next values in C order.</summary>
    /// <exception cref="RunDirectoryException">The disk is full, or the folder is gone.</exception>
    /// <exception cref="InvalidOperationException">More values than the shape holds.</exception>
    public void Append(ReadOnlySpan<T> values)
    {
        if (values.Length > _expected - _written)
            throw new InvalidOperationException($"'{_path}' was declared with {_expected} values; {_written + values.Length} were given.");
        _written += values.Length;
        try
        {
            // Spans of bytes are counted in int: whole arrays of 2 GiB and more do not fit into one.
            for (; values.Length > 0; values = values[Math.Min(ElementsPerChunk, values.Length)..])
                _file.Stream.Write(MemoryMarshal.AsBytes(values[..Math.Min(ElementsPerChunk, values.Length)]));
        }
        catch (Exception exception) when (RunDirectoryException.IsFileFailure(exception))
        {
            throw RunDirectoryException.From(_path, "write", exception);
        }
    }

    /// <summary>Makes the array durable under its name.</summary>
    /// <exception cref="InvalidOperationException">Fewer values than the shape holds were given.</exception>
    /// <exception cref="RunDirectoryException">The disk is full, or the folder is gone.</exception>
    public void Complete()
    {
        if (_written != _expected)
            throw new InvalidOperationException($"'{_path}' was declared with {_expected} values; {_written} were given.");
        _file.Commit();
    }

    /// <summary>Removes what was written unless it was completed.</summary>
    public void Dispose() => _file.Dispose();
}
