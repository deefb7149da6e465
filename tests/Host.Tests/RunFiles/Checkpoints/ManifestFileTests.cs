using System.IO.Hashing;
using CsCheck;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;
using MessagePack;
using MessagePack.Resolvers;

namespace ElasticityStream.Host.Tests.RunFiles.Checkpoints;

public sealed class ManifestFileTests : IDisposable
{
    private const ulong SeedCount = 2_000;
    private const int ChecksumBytes = 18;

    private static readonly MessagePackSerializerOptions Primitives =
        MessagePackSerializerOptions.Standard.WithResolver(PrimitiveObjectResolver.Instance).WithSecurity(MessagePackSecurity.UntrustedData);

    private readonly TemporaryFolder _folder = new();

    private string Checkpoint => _folder.File("checkpoints/step-000000000001");

    private string Manifest => Path.Combine(Checkpoint, "manifest.msgpack");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Manifest_is_read_by_a_library_that_knows_no_more_than_message_pack()
    {
        var file = Saved();

        var items = Items(file);
        var manifest = (Dictionary<object, object>)items[2];
        var arrays = (object[])manifest["arrays"];
        var z = arrays.Cast<Dictionary<object, object>>().Single(array => (string)array["name"] == "z");

        Assert.Equal(["elasticity-checkpoint", (byte)1], items[..2]);
        Assert.Equal(XxHash128.Hash(file.AsSpan(..^ChecksumBytes)), items[3]);
        Assert.Equal(["written_by", "created", "run", "fingerprint", "number", "step", "state", "parts", "arrays"], manifest.Keys);
        Assert.Equal("2026-03-01T09:30:05.0000000Z", manifest["created"]);
        Assert.Equal("run", manifest["run"]);
        Assert.Equal("study", manifest["fingerprint"]);
        Assert.Equal(SampleCheckpoint.Create(1).State, manifest["state"]);
        Assert.Equal(["clustering", "evaluator-0", "trainer"], (object[])manifest["parts"]);
        Assert.Equal(5, arrays.Length);
        Assert.Equal(["part", "name", "file", "type", "length", "bytes", "xxh128"], z.Keys);
        Assert.Equal("evaluator-0.z.npy", z["file"]);
        Assert.Equal("float64", z["type"]);
        var content = File.ReadAllBytes(Path.Combine(Checkpoint, "evaluator-0.z.npy"));
        Assert.Equal(content.Length, Convert.ToInt32(z["bytes"]));
        Assert.Equal(Convert.ToHexStringLower(XxHash128.Hash(content)), z["xxh128"]);
    }

    [Fact]
    public void Hash_is_that_of_the_reference_implementation_as_it_prints_it() =>
        Assert.Equal("99aa06d3014798d86001c324468d497f", Convert.ToHexStringLower(XxHash128.Hash([])));

    [Fact]
    public void Newer_version_is_an_error_that_says_what_can_be_read_and_no_damage()
    {
        var folder = _folder.File("checkpoints");
        Saved();
        var store = SampleCheckpoint.Store(folder);
        store.Save(SampleCheckpoint.Create(2));
        var newer = Path.Combine(folder, "step-000000000002", "manifest.msgpack");
        File.WriteAllBytes(newer, Sealed(["elasticity-checkpoint", 2, "of another shape"]));

        var latest = Assert.Throws<RunDirectoryException>(() => CheckpointReader.LoadLatest(folder));
        var single = Assert.Throws<RunDirectoryException>(() => CheckpointReader.Load(Path.Combine(folder, "step-000000000002")));

        Assert.Equal(
            $"'{newer}' is of checkpoint format 2; this program reads format 1. Use the version of the program that wrote it, or a newer one.", latest.Message);
        Assert.Equal(latest.Message, single.Message);
        Assert.Equal(1, CheckpointReader.Load(Checkpoint).Saved.Step);
        var listing = CheckpointReader.List(folder);
        Assert.Equal([1], listing.Checkpoints.Select(saved => saved.Step));
        Assert.Contains("is of checkpoint format 2", Assert.Single(listing.PassedOver), StringComparison.Ordinal);

        // It is not this program's to remove.
        for (var step = 3; step < 6; step++)
            SampleCheckpoint.Store(folder, keep: 1).Save(SampleCheckpoint.Create(step));
        Assert.True(File.Exists(newer));
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public void Manifest_that_lies_under_a_right_checksum_is_refused_and_nothing_outside_is_read(string key, object value)
    {
        Saved();
        // What it would find outside would match: only the name tells.
        File.Copy(Path.Combine(Checkpoint, "evaluator-0.z.npy"), _folder.File("evaluator-0.z.npy"));
        File.Copy(Path.Combine(Checkpoint, "evaluator-0.z.npy"), _folder.File("checkpoints/evaluator-0.z.npy"));
        var items = Items(File.ReadAllBytes(Manifest));
        var manifest = (Dictionary<object, object>)items[2];
        var z = ((object[])manifest["arrays"]).Cast<Dictionary<object, object>>().Single(array => (string)array["name"] == "z");
        (manifest.ContainsKey(key) ? manifest : z)[key] = value;
        if (key == "part")
            z["file"] = $"{value}.z.npy";
        if (key == "name")
            z["file"] = $"evaluator-0.{value}.npy";
        File.WriteAllBytes(Manifest, Sealed(items[..3]));

        Assert.Contains("manifest.msgpack ", Assert.Throws<RunDirectoryException>(() => CheckpointReader.Load(Checkpoint)).Message, StringComparison.Ordinal);
        Assert.Throws<RunDirectoryException>(() => CheckpointReader.LoadLatest(_folder.File("checkpoints")));
    }

    public static TheoryData<string, object> Lies => new()
    {
        { "file", "../evaluator-0.z.npy" }, { "file", "../../evaluator-0.z.npy" }, { "file", "/etc/passwd" }, { "file", "manifest.msgpack" }, { "file", 1 },
        { "part", ".." }, { "part", "../evaluator-0" }, { "part", "" }, { "part", "evaluator-0\0" }, { "part", "nobody" },
        { "name", "../z" }, { "name", "Z" }, { "name", "counts" }, { "name", new string('z', 101) }, { "name", "z\n" }, { "name", Array.Empty<object>() },
        { "type", "float16" }, { "type", "object" }, { "type", "float32" }, { "type", 4 },
        { "length", 5 }, { "length", -1 }, { "length", long.MaxValue }, { "length", ulong.MaxValue }, { "length", 1L << 40 }, { "length", "4" }, { "length", 4.0 },
        { "bytes", 0 }, { "bytes", -1 }, { "bytes", long.MaxValue }, { "bytes", true },
        { "xxh128", "" }, { "xxh128", new string('F', 32) }, { "xxh128", new string('g', 32) }, { "xxh128", new byte[16] },
        { "step", -1 }, { "step", "1" }, { "number", 0 }, { "number", -5 }, { "created", "yesterday" }, { "created", 5 },
        { "run", 5 }, { "fingerprint", 5 }, { "written_by", 5 }, { "state", "text" }, { "state", 7 },
        { "parts", "evaluator-0" }, { "parts", new object[] { "evaluator-0", "evaluator-0" } }, { "parts", new object[] { "../.." } },
        { "arrays", new object[] { 1, 2, 3 } }, { "arrays", "none" },
    };

    [Fact]
    public void Random_damage_under_a_right_checksum_gives_a_manifest_or_a_reason_and_takes_no_more_room_than_the_file()
    {
        var good = Saved()[..^ChecksumBytes];
        byte[][] fragments =
        [
            [0xDD, 0xFF, 0xFF, 0xFF, 0xFF], [0xDF, 0xFF, 0xFF, 0xFF, 0xFF], [0xC6, 0x7F, 0xFF, 0xFF, 0xFF], [0xDB, 0xFF, 0xFF, 0xFF, 0xFF], [0xC9, 0x7F, 0xFF, 0xFF, 0xFF, 0],
            [0xDC, 0xFF, 0xFF], [0xCF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xC0], [0xC1], [0xD3, 0x80, 0, 0, 0, 0, 0, 0, 0], [0xCB, 0x7F, 0xF8, 0, 0, 0, 0, 0, 0],
            [.. Enumerable.Repeat((byte)0x91, 50_000)], [.. Enumerable.Repeat((byte)0x81, 50_000)], "../../"u8.ToArray(), [0xFF, 0xFE, 0xC3, 0x28],
        ];
        var change = Gen.Select(Gen.Int[0, 4], Gen.Double[0, 1], Gen.Int[0, 40], Gen.Int[0, fragments.Length - 1], Gen.Byte);
        var changes = change.Array[1, 4];
        var (manifests, reasons) = (0, 0);

        for (var seed = 0UL; seed < SeedCount; seed++)
        {
            var bytes = good.ToList();
            foreach (var (kind, where, count, fragment, value) in changes.Generate(new PCG(1, seed), null, out _))
                Damage(bytes, kind, (int)(where * bytes.Count), count, fragments[fragment], value);
            var file = Hashed([.. bytes]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var manifest = ManifestFile.Decode(file, "manifest.msgpack");
                manifests++;
                Assert.All(manifest.Arrays, array => Assert.Equal(array.File, Path.GetFileName(array.File)));
            }
            catch (Exception exception) when (exception is InvalidDataException or RunDirectoryException)
            {
                reasons++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000 + (20 * file.Length));
        }

        Assert.True(manifests > 10 && reasons > 1_000, $"{manifests} manifests, {reasons} reasons");
    }

    [Fact]
    public void Random_bytes_are_no_manifest()
    {
        Saved();
        for (var seed = 0UL; seed < 200; seed++)
        {
            File.WriteAllBytes(Manifest, Gen.Byte.Array[0, 300].Generate(new PCG(2, seed), null, out _));
            Assert.Throws<RunDirectoryException>(() => CheckpointReader.Load(Checkpoint));
        }
    }

    private byte[] Saved()
    {
        SampleCheckpoint.Store(_folder.File("checkpoints")).Save(SampleCheckpoint.Create(1));
        return File.ReadAllBytes(Manifest);
    }

    private static object[] Items(byte[] file) =>
        (object[])MessagePackSerializer.Deserialize<object>(file, Primitives, TestContext.Current.CancellationToken);

    private static void Damage(List<byte> bytes, int kind, int at, int count, byte[] fragment, byte value)
    {
        switch (kind)
        {
            case 0 when at < bytes.Count:
                bytes[at] = value;
                break;
            case 1:
                bytes.InsertRange(at, fragment);
                break;
            case 2:
                bytes.RemoveRange(at, Math.Min(count, bytes.Count - at));
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                bytes.RemoveRange(at, Math.Min(fragment.Length, bytes.Count - at));
                bytes.InsertRange(at, fragment);
                break;
        }
    }

    private static byte[] Sealed(object[] items)
    {
        var bytes = MessagePackSerializer.Serialize<object>(items.Append(new byte[16]).ToArray(), Primitives, TestContext.Current.CancellationToken);
        return Hashed(bytes[..^ChecksumBytes]);
    }

    private static byte[] Hashed(byte[] bytes) => [.. bytes, 0xC4, 16, .. XxHash128.Hash(bytes)];
}
