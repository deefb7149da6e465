using ElasticityStream.Actors.Serialization;
using MessagePack;

namespace ElasticityStream.Actors.Tests.Serialization;

/// <summary>Bytes that no version of the program wrote: refused with the serializer's own exception, in bounded memory.</summary>
public sealed class HostileBytesTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private const int Cases = 5_000;

    // What an exception, its messages and a small message take; far below what a length of 2^31 would.
    private const long MostBytes = 4 << 20;

    private static readonly byte[][] EndlessHeaders =
    [
        [MessagePackCode.Array32, 0x7F, 0xFF, 0xFF, 0xFF], [MessagePackCode.Array32, 0xFF, 0xFF, 0xFF, 0xFF],
        [MessagePackCode.Bin32, 0x7F, 0xFF, 0xFF, 0xFF], [MessagePackCode.Bin32, 0x80, 0x00, 0x00, 0x00],
        [MessagePackCode.Str32, 0x7F, 0xFF, 0xFF, 0xFF], [MessagePackCode.Map32, 0x7F, 0xFF, 0xFF, 0xFF],
        [MessagePackCode.Ext32, 0x7F, 0xFF, 0xFF, 0xFF, 0x01],
    ];

    public static TheoryData<string> Manifests => [.. ElasticitySerializer.WireTypes.Keys];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Garbage_is_refused_or_is_a_message(string manifest)
    {
        var random = new Random(manifest[0] * 256 + manifest[1]);
        var goldens = Goldens(manifest);
        var refused = 0;
        for (var c = 0; c < Cases; c++)
            refused += Refuses(Mutate(goldens[c % goldens.Length], random), manifest) ? 1 : 0;
        Assert.InRange(refused, Cases / 4, Cases);
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Truncated_message_is_refused_wherever_it_ends(string manifest)
    {
        foreach (var golden in Goldens(manifest))
        {
            for (var length = 0; length < golden.Length; length++)
                Assert.True(Refuses(golden[..length], manifest), $"{length} of {golden.Length} bytes were taken for a message.");
        }
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Length_that_is_a_lie_is_refused_without_making_room_for_it(string manifest)
    {
        foreach (var golden in Goldens(manifest))
        {
            for (var place = 0; place < golden.Length; place++)
            {
                foreach (var header in EndlessHeaders)
                    Refuses([.. golden[..place], .. header, .. golden[(place + 1)..]], manifest);
            }
        }
    }

    private byte[][] Goldens(string manifest) =>
        [.. WireExamples.All.Where(e => WireExamples.ManifestOf(e.Key) == manifest).Select(e => fixture.Serializer.ToBinary(e.Value))];

    private bool Refuses(byte[] bytes, string manifest)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var failure = Record.Exception(() => fixture.Serializer.FromBinary(bytes, manifest));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(
            failure is null or MessagePackSerializationException or ArgumentException, $"{Convert.ToHexString(bytes)}: {failure}");
        Assert.True(allocated < MostBytes, $"{Convert.ToHexString(bytes)}: {allocated} bytes allocated.");
        return failure is not null;
    }

    private static byte[] Mutate(byte[] golden, Random random)
    {
        if (random.Next(8) == 0)
        {
            var garbage = new byte[random.Next(200)];
            random.NextBytes(garbage);
            return garbage;
        }

        var bytes = new List<byte>(golden);
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var place = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[place] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[place] = (byte)random.Next(256); break;
                case 2: bytes.Insert(place, (byte)random.Next(256)); break;
                case 3 when bytes.Count > 1: bytes.RemoveAt(place); break;
                default: bytes[place] = (byte)random.Next(0xC0, 0xE0); break;
            }
        }

        return [.. bytes];
    }
}
