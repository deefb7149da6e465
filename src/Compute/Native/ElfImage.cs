using System.Buffers.Binary;
using System.Text;

namespace ElasticityStream.Compute.Native;

/// <summary>
/// The sections of a 64-bit little-endian ELF file, read with every offset checked against the file's length.
/// Layouts: System V ABI, "Object Files" (Ehdr 64 bytes, Shdr 64 bytes).
/// </summary>
internal readonly ref struct ElfImage
{
    public const uint DynamicSymbols = 11;
    public const uint VersionNeeds = 0x6ffffffe;
    public const uint SymbolVersions = 0x6fffffff;

    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int LongestName = 4096;
    private const byte Class64 = 2;
    private const byte LittleEndian = 1;

    private readonly ReadOnlySpan<byte> _file;
    private readonly ReadOnlySpan<byte> _sectionHeaders;
    private readonly string _path;

    /// <summary>Reads the header and finds the section table.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a file, or its section table lies outside it.</exception>
    public ElfImage(ReadOnlySpan<byte> file, string path)
    {
        _file = file;
        _path = path;
        if (file.Length < HeaderSize || !file.StartsWith("\u007fELF"u8))
            throw Malformed($"is not an ELF file: it has {file.Length} bytes and starts with {Convert.ToHexString(file[..Math.Min(4, file.Length)])}");
        if (file[4] != Class64)
            throw Malformed($"is not a 64-bit ELF file: its class byte is {file[4]}, not {Class64}");
        if (file[5] != LittleEndian)
            throw Malformed($"is not a little-endian ELF file: its data byte is {file[5]}, not {LittleEndian}");

        var tableOffset = BinaryPrimitives.ReadUInt64LittleEndian(file[40..]);
        var entrySize = BinaryPrimitives.ReadUInt16LittleEndian(file[58..]);
        SectionCount = BinaryPrimitives.ReadUInt16LittleEndian(file[60..]);
        if (SectionCount > 0 && entrySize != SectionHeaderSize)
            throw Malformed($"has section headers of {entrySize} bytes where {SectionHeaderSize} are expected");
        _sectionHeaders = Part(tableOffset, (ulong)SectionCount * SectionHeaderSize, "its section table");
    }

    public int SectionCount { get; }

    public ElfSection Section(uint index)
    {
        if (index >= SectionCount)
            throw Malformed($"refers to section {index}, but has only {SectionCount}");
        var header = _sectionHeaders.Slice((int)index * SectionHeaderSize, SectionHeaderSize);
        return new ElfSection(
            Type: BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            Offset: BinaryPrimitives.ReadUInt64LittleEndian(header[24..]),
            Size: BinaryPrimitives.ReadUInt64LittleEndian(header[32..]),
            Link: BinaryPrimitives.ReadUInt32LittleEndian(header[40..]),
            Info: BinaryPrimitives.ReadUInt32LittleEndian(header[44..]));
    }

    /// <summary>The first section of <paramref name="type"/>, as only one of each type asked for here can exist.</summary>
    public ElfSection SectionOfType(uint type, string name)
    {
        for (var i = 0u; i < SectionCount; i++)
        {
            var section = Section(i);
            if (section.Type == type)
                return section;
        }

        throw Malformed($"has no section {name}, only {SectionCount} sections of other types");
    }

    /// <summary>The bytes of a section.</summary>
    public ReadOnlySpan<byte> Content(ElfSection section) => Part(section.Offset, section.Size, "a section");

    /// <summary>The zero-terminated name at <paramref name="offset"/> of a string table.</summary>
    public string Name(ReadOnlySpan<byte> strings, uint offset)
    {
        if (offset >= (ulong)strings.Length)
            throw Malformed($"has a name at offset {offset} of a string table of {strings.Length} bytes");
        var rest = strings[(int)offset..];
        var length = rest[..Math.Min(LongestName, rest.Length)].IndexOf((byte)0);
        return length >= 0 ? Encoding.Latin1.GetString(rest[..length]) : throw Malformed($"has a name without an end at offset {offset} of a string table");
    }

    /// <summary>A part of <paramref name="whole"/>, which names what is read in the message if it lies outside.</summary>
    public ReadOnlySpan<byte> Part(ReadOnlySpan<byte> whole, ulong offset, ulong length, string what) =>
        offset <= (ulong)whole.Length && length <= (ulong)whole.Length - offset
            ? whole.Slice((int)offset, (int)length)
            : throw Malformed($"is cut off or damaged: {what} would be {length} bytes at {offset} of {whole.Length}");

    public InvalidDataException Malformed(string found) => new($"'{_path}' {found}.");

    private ReadOnlySpan<byte> Part(ulong offset, ulong length, string what) => Part(_file, offset, length, what);
}
