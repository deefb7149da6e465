using System.Buffers.Binary;

namespace ElasticityStream.Compute.Native;

/// <summary>
/// Makes one required symbol version of a shared library optional: with <c>VER_FLG_WEAK</c> set on it the dynamic loader
/// no longer refuses the library where the version is missing. Layouts: Linux Standard Base, "Symbol Versioning".
/// </summary>
/// <remarks>
/// Sound only where no code of the library needs a symbol of that version. This is so for GLIBCXX_3.4.32 in TorchSharp 0.107,
/// whose single symbol is a marker that every translation unit including iostream of GCC 13 mentions and nothing calls; a
/// library that needs any other symbol of it is refused, since it would fail later, in the middle of a study.
/// </remarks>
internal static class WeakSymbolVersion
{
    public const string Version = "GLIBCXX_3.4.32";
    public const string Provider = "libstdc++.so.6";

    private const string Marker = "_ZSt21ios_base_library_initv";
    private const ushort WeakFlag = 2;
    private const int NeedSize = 16;
    private const int AuxiliarySize = 16;
    private const int FlagsInAuxiliary = 4;
    private const int SymbolSize = 24;
    private const ushort VersionIndexMask = 0x7fff;

    /// <summary>A copy of <paramref name="library"/> that differs in the flags of that one version, or equals it if they are set already.</summary>
    /// <param name="library">The bytes of the library.</param>
    /// <param name="path">Where they came from, for messages.</param>
    /// <exception cref="InvalidDataException">
    /// Not a 64-bit little-endian ELF file, damaged, without exactly one such version, or with symbols that need it.
    /// </exception>
    public static byte[] Apply(ReadOnlySpan<byte> library, string path)
    {
        var flags = FlagsOffset(library, path);
        var copy = library.ToArray();
        var field = copy.AsSpan(flags, sizeof(ushort));
        BinaryPrimitives.WriteUInt16LittleEndian(field, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(field) | WeakFlag));
        return copy;
    }

    /// <summary>The offset in the file of the 16-bit flags field of the version.</summary>
    internal static int FlagsOffset(ReadOnlySpan<byte> library, string path)
    {
        var image = new ElfImage(library, path);
        var section = image.SectionOfType(ElfImage.VersionNeeds, ".gnu.version_r");
        var needs = image.Content(section);
        var strings = image.Content(image.Section(section.Link));

        // A damaged file may chain its entries in circles or make them overlap: no more are read than fit side by side.
        var remaining = needs.Length / AuxiliarySize;
        var found = new List<string>();
        (ulong Offset, ushort Index)? match = null;
        var needOffset = 0UL;
        for (var n = 0u; n < section.Info; n++)
        {
            Spend(image, ref remaining);
            var need = image.Part(needs, needOffset, NeedSize, "a version requirement");
            var isProvider = image.Name(strings, BinaryPrimitives.ReadUInt32LittleEndian(need[4..])) == Provider;
            var auxiliaryOffset = needOffset + BinaryPrimitives.ReadUInt32LittleEndian(need[8..]);
            for (var a = 0; a < BinaryPrimitives.ReadUInt16LittleEndian(need[2..]); a++)
            {
                Spend(image, ref remaining);
                var auxiliary = image.Part(needs, auxiliaryOffset, AuxiliarySize, "a required version");
                if (isProvider)
                {
                    var name = image.Name(strings, BinaryPrimitives.ReadUInt32LittleEndian(auxiliary[8..]));
                    found.Add(name);
                    if (name == Version)
                    {
                        if (match is not null)
                            throw image.Malformed($"requires {Version} twice");
                        match = (auxiliaryOffset + FlagsInAuxiliary, BinaryPrimitives.ReadUInt16LittleEndian(auxiliary[6..]));
                    }
                }

                auxiliaryOffset += BinaryPrimitives.ReadUInt32LittleEndian(auxiliary[12..]);
            }

            needOffset += BinaryPrimitives.ReadUInt32LittleEndian(need[12..]);
        }

        if (match is not { } version)
        {
            throw image.Malformed($"does not require {Version} of {Provider}; it requires {(found.Count == 0 ? "nothing of it" : string.Join(", ", found))}");
        }

        RequireOnlyMarker(image, version.Index);
        return (int)(section.Offset + version.Offset);
    }

    private static void Spend(ElfImage image, ref int remaining)
    {
        if (remaining-- == 0)
            throw image.Malformed("is damaged: its section .gnu.version_r lists more entries than it has room for");
    }

    private static void RequireOnlyMarker(ElfImage image, ushort versionIndex)
    {
        var versions = image.Content(image.SectionOfType(ElfImage.SymbolVersions, ".gnu.version"));
        var section = image.SectionOfType(ElfImage.DynamicSymbols, ".dynsym");
        var symbols = image.Content(section);
        var strings = image.Content(image.Section(section.Link));
        for (var i = 0; i < versions.Length / sizeof(ushort); i++)
        {
            if ((BinaryPrimitives.ReadUInt16LittleEndian(versions[(i * sizeof(ushort))..]) & VersionIndexMask) != versionIndex)
                continue;
            var symbol = image.Part(symbols, (ulong)i * SymbolSize, SymbolSize, "a symbol");
            var name = image.Name(strings, BinaryPrimitives.ReadUInt32LittleEndian(symbol));
            if (name != Marker)
                throw image.Malformed($"needs the symbol {name} of {Version}, not just the marker {Marker}: it cannot do without that version");
        }
    }
}
