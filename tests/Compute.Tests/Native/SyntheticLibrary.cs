using System.Buffers.Binary;
using System.Text;

namespace ElasticityStream.Compute.Tests.Native;

/// <summary>
/// The smallest ELF file with version requirements: a header, the sections null, .dynstr, .dynsym, .gnu.version and
/// .gnu.version_r, and the section table at the very end, so that no shorter file can be whole.
/// </summary>
internal sealed record SyntheticLibrary
{
    public const string Marker = "_ZSt21ios_base_library_initv";

    private const ushort FirstVersionIndex = 2;

    /// <summary>The libraries and the versions asked of each, in order.</summary>
    public IReadOnlyList<(string Library, string[] Versions)> Needs { get; init; } =
    [
        ("libc.so.6", ["GLIBC_2.14", "GLIBC_2.2.5"]),
        ("libstdc++.so.6", ["GLIBCXX_3.4.30", "GLIBCXX_3.4.32", "CXXABI_1.3"]),
    ];

    /// <summary>The symbols with the version that each is bound to.</summary>
    public IReadOnlyList<(string Symbol, string Version)> Symbols { get; init; } = [("malloc", "GLIBC_2.2.5"), (Marker, "GLIBCXX_3.4.32")];

    /// <summary>The flags that every version has.</summary>
    public ushort Flags { get; init; }

    public byte[] Build()
    {
        var strings = new List<byte> { 0 };
        var versionIndex = Needs.SelectMany(need => need.Versions).Distinct().Select((version, i) => (version, i)).ToDictionary(v => v.version, v => (ushort)(v.i + FirstVersionIndex));

        var needs = new List<byte>();
        for (var n = 0; n < Needs.Count; n++)
        {
            var (library, versions) = Needs[n];
            var last = n == Needs.Count - 1;
            Append(needs, [.. U16(1), .. U16(versions.Length), .. U32(Name(strings, library)), .. U32(16), .. U32(last ? 0 : 16 + (16 * versions.Length))]);
            for (var v = 0; v < versions.Length; v++)
            {
                Append(needs, [.. U32(0x1234), .. U16(Flags), .. U16(versionIndex[versions[v]]), .. U32(Name(strings, versions[v])), .. U32(v == versions.Length - 1 ? 0 : 16)]);
            }
        }

        var symbols = new List<byte>(new byte[24]);
        var symbolVersions = new List<byte>(new byte[2]);
        foreach (var (symbol, version) in Symbols)
        {
            Append(symbols, [.. U32(Name(strings, symbol)), .. new byte[20]]);
            Append(symbolVersions, U16(versionIndex[version]));
        }

        var file = new List<byte>(new byte[64]);
        var table = new List<byte>(new byte[64]);
        AddSection(file, table, type: 3, strings, link: 0, info: 0);
        AddSection(file, table, type: 11, symbols, link: 1, info: 1);
        AddSection(file, table, type: 0x6fffffff, symbolVersions, link: 2, info: 0);
        AddSection(file, table, type: 0x6ffffffe, needs, link: 1, info: Needs.Count);
        var tableOffset = file.Count;
        Append(file, table);

        var bytes = file.ToArray();
        "\u007fELF"u8.CopyTo(bytes);
        bytes[4] = 2;
        bytes[5] = 1;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), (ulong)tableOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), 5);
        return bytes;
    }

    private static void AddSection(List<byte> file, List<byte> table, int type, List<byte> content, int link, int info)
    {
        byte[] header = [.. U32(0), .. U32(type), .. U64(0), .. U64(0), .. U64(file.Count), .. U64(content.Count), .. U32(link), .. U32(info), .. U64(1), .. U64(0)];
        Append(table, header);
        Append(file, content);
    }

    private static int Name(List<byte> strings, string name)
    {
        var offset = strings.Count;
        Append(strings, [.. Encoding.Latin1.GetBytes(name), 0]);
        return offset;
    }

    private static void Append(List<byte> bytes, IEnumerable<byte> more) => bytes.AddRange(more);

    private static byte[] U16(int value) => BitConverter.GetBytes((ushort)value);

    private static byte[] U32(int value) => BitConverter.GetBytes(value);

    private static byte[] U64(long value) => BitConverter.GetBytes(value);
}
