using System.Runtime.InteropServices;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>Native memory that starts on a cache line: half of the vector loads from managed arrays would touch two lines.</summary>
/// <typeparam name="T">The elements; all bits 0 at first.</typeparam>
internal sealed unsafe class AlignedBuffer<T> : SafeHandle
    where T : unmanaged
{
    private const nuint CacheLine = 64;

    /// <summary>Allocates <paramref name="length"/> elements.</summary>
    public AlignedBuffer(long length)
        : base(0, ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = checked((nuint)length * (nuint)sizeof(T));
        SetHandle((nint)NativeMemory.AlignedAlloc(Math.Max(bytes, CacheLine), CacheLine));
        NativeMemory.Clear((void*)handle, bytes);
    }

    public long Length { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>The first element; valid until this is disposed.</summary>
    public T* Pointer => (T*)handle;

    /// <summary>Some of the elements.</summary>
    public Span<T> Slice(long start, int length)
    {
        if (start < 0 || length < 0 || start > Length - length)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"{length} elements from there on are not within {Length}.");
        return new(Pointer + start, length);
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
