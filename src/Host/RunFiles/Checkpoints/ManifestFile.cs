using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using MessagePack;

namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>
/// The bytes of <c>manifest.msgpack</c>: a MessagePack array of the format's name, its version, a map with string keys and, last, the XXH128 of all bytes
/// before it. Name, version and checksum stay where they are in every version, so that a newer file is told from a damaged one.
/// </summary>
/// <remarks>
/// Read value by value, in the one order in which they are written: nothing is skipped, nested or looked up by what the file says, and every count is
/// held against the bytes that there are before room is made.
/// </remarks>
internal static class ManifestFile
{
    /// <summary>The version that this program writes, and the only one that it reads.</summary>
    public const int Version = 1;

    /// <summary>How many arrays a checkpoint may have, and how many parts.</summary>
    public const int MostArrays = 1 << 16;

    /// <summary>How large a state may be: half of what is read at once, and the arrays' entries take less than the other half.</summary>
    public const int MostStateBytes = 1 << 29;

    private const string FormatName = "elasticity-checkpoint";
    private const int HashBytes = 16;
    private const int ChecksumBytes = 2 + HashBytes;
    private const long MostBytes = 1L << 30;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>The whole file.</summary>
    public static byte[] Encode(CheckpointManifest manifest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(4);
        writer.Write(FormatName);
        writer.Write(Version);
        writer.WriteMapHeader(9);
        writer.Write("written_by");
        writer.Write(manifest.WrittenBy);
        writer.Write("created");
        writer.Write(manifest.Created.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        writer.Write("run");
        writer.Write(manifest.Run);
        writer.Write("fingerprint");
        writer.Write(manifest.Fingerprint);
        writer.Write("number");
        writer.Write(manifest.Number);
        writer.Write("step");
        writer.Write(manifest.Step);
        writer.Write("state");
        writer.Write(manifest.State);
        writer.Write("parts");
        writer.WriteArrayHeader(manifest.Parts.Count);
        foreach (var part in manifest.Parts)
            writer.Write(part);
        writer.Write("arrays");
        writer.WriteArrayHeader(manifest.Arrays.Count);
        foreach (var array in manifest.Arrays)
            Write(ref writer, array);
        writer.Flush();

        var checksum = XxHash128.Hash(buffer.WrittenSpan);
        writer.Write(checksum);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the manifest of a checkpoint.</summary>
    /// <returns>The manifest, and the size of its file.</returns>
    /// <exception cref="InvalidDataException">There is none, or it is damaged; the message starts with the file's name.</exception>
    /// <exception cref="RunDirectoryException">It is of a newer version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (CheckpointManifest Manifest, long Bytes) Read(string folder)
    {
        var info = new FileInfo(Path.Combine(folder, CheckpointFolder.ManifestName));
        if (!info.Exists)
            throw new InvalidDataException($"{CheckpointFolder.ManifestName} is missing");
        if (info.Length is <= ChecksumBytes or > MostBytes)
            throw new InvalidDataException($"{CheckpointFolder.ManifestName} has {info.Length} bytes");
        var bytes = File.ReadAllBytes(info.FullName);
        try
        {
            return (Decode(bytes, info.FullName), bytes.Length);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{CheckpointFolder.ManifestName} {exception.Message}", exception);
        }
    }

    /// <summary>Decodes a whole file.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="path">Where they come from, for messages.</param>
    /// <exception cref="InvalidDataException">It is damaged; the message says how.</exception>
    /// <exception cref="RunDirectoryException">It is of a newer version.</exception>
    internal static CheckpointManifest Decode(byte[] file, string path)
    {
        if (file.Length <= ChecksumBytes || !XxHash128.Hash(file.AsSpan(..^ChecksumBytes)).AsSpan().SequenceEqual(file.AsSpan(^HashBytes..)))
            throw new InvalidDataException("does not match its checksum (the file was changed or is damaged)");
        try
        {
            var reader = new MessagePackReader(file);
            Require(reader.ReadArrayHeader() == 4 && reader.ReadString() == FormatName, "is not the manifest of a checkpoint");
            var version = reader.ReadInt32();
            Require(version >= Version, $"is of format {version}, which there never was");
            if (version > Version)
            {
                throw new RunDirectoryException(
                    $"'{path}' is of checkpoint format {version}; this program reads format {Version}. Use the version of the program that wrote it, or a newer one.")
                { Path = path };
            }

            var manifest = Read(ref reader);
            Require(Binary(ref reader).Length == HashBytes && reader.End, "has bytes where its checksum should be");
            return manifest;
        }
        // ArgumentException: what the library says of a binary that claims more bytes than there are.
        catch (Exception exception) when (exception is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException($"is not of format {Version}: {exception.Message}", exception);
        }
    }

    private static void Write(ref MessagePackWriter writer, ManifestArray array)
    {
        writer.WriteMapHeader(7);
        writer.Write("part");
        writer.Write(array.Part);
        writer.Write("name");
        writer.Write(array.Name);
        writer.Write("file");
        writer.Write(array.File);
        writer.Write("type");
        writer.Write(array.Type);
        writer.Write("length");
        writer.Write(array.Length);
        writer.Write("bytes");
        writer.Write(array.Bytes);
        writer.Write("xxh128");
        writer.Write(array.Hash);
    }

    private static CheckpointManifest Read(ref MessagePackReader reader)
    {
        Require(reader.ReadMapHeader() == 9, "has not the keys of its format");
        var writtenBy = Text(ref reader, "written_by");
        var createdText = Text(ref reader, "created");
        Require(
            DateTimeOffset.TryParseExact(createdText, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created),
            "has a time that is none");
        var run = Text(ref reader, "run");
        var fingerprint = Text(ref reader, "fingerprint");
        var number = Number(ref reader, "number", least: 1);
        var step = Number(ref reader, "step", least: 0);
        Key(ref reader, "state");
        var state = Binary(ref reader);

        var parts = new string[Count(ref reader, "parts")];
        for (var k = 0; k < parts.Length; k++)
            parts[k] = Plain(reader.ReadString());
        var known = parts.ToHashSet(StringComparer.Ordinal);
        Require(known.Count == parts.Length, "has a part twice");

        var arrays = new ManifestArray[Count(ref reader, "arrays")];
        var files = new HashSet<string>(arrays.Length, StringComparer.Ordinal);
        for (var k = 0; k < arrays.Length; k++)
        {
            arrays[k] = ReadArray(ref reader);
            Require(known.Contains(arrays[k].Part) && files.Add(arrays[k].File), $"has an array twice, or of no part: {arrays[k].File}");
        }

        return new CheckpointManifest(writtenBy, created, run, fingerprint, number, step, state, parts, arrays);
    }

    private static ManifestArray ReadArray(ref MessagePackReader reader)
    {
        Require(reader.ReadMapHeader() == 7, "has not the keys of its format");
        Key(ref reader, "part");
        var part = Plain(reader.ReadString());
        Key(ref reader, "name");
        var name = Plain(reader.ReadString());
        var file = Text(ref reader, "file");
        var type = Text(ref reader, "type");
        Require(NpyArrayFile.IsType(type), $"has an array of '{type}'");
        var length = Number(ref reader, "length", least: 0);
        Require(length <= Array.MaxLength, $"has an array of {length} elements");
        var bytes = Number(ref reader, "bytes", least: 0);
        var hash = Text(ref reader, "xxh128");
        Require(ManifestArray.IsHash(hash), "has a checksum that is none");

        var array = new ManifestArray(part, name, type, length, hash);
        Require(file == array.File, $"has the array {array.File} in the file '{file}'");
        Require(bytes == array.Bytes, $"has {bytes} bytes for {length} values of {type}");
        return array;
    }

    private static void Key(ref MessagePackReader reader, string key) =>
        Require(reader.ReadString() == key, $"has not the keys of its format: '{key}' is not where it should be");

    private static string Text(ref MessagePackReader reader, string key)
    {
        Key(ref reader, key);
        return reader.ReadString() ?? throw new InvalidDataException($"has no {key}");
    }

    private static byte[] Binary(ref MessagePackReader reader)
    {
        // The library takes text for bytes, too: MessagePack had no other type for them once.
        Require(reader.NextMessagePackType == MessagePackType.Binary, "has something else where bytes should be");
        return reader.ReadBytes()!.Value.ToArray();
    }

    private static long Number(ref MessagePackReader reader, string key, long least)
    {
        Key(ref reader, key);
        var number = reader.ReadInt64();
        Require(number >= least, $"has {number} for its {key}");
        return number;
    }

    private static int Count(ref MessagePackReader reader, string key)
    {
        Key(ref reader, key);
        var count = reader.ReadArrayHeader();
        Require(count <= MostArrays, $"claims {count} {key}");
        return count;
    }

    private static string Plain(string? name)
    {
        Require(name is not null && ManifestArray.IsPlain(name), "has a name that is not of lower-case letters, digits and hyphens");
        return name!;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidDataException(otherwise);
    }
}
