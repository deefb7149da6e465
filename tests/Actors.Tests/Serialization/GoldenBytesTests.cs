using ElasticityStream.Actors.Serialization;

namespace ElasticityStream.Actors.Tests.Serialization;

/// <summary>The bytes of every message, as they were when the format was fixed: what other versions of the program understand.</summary>
public sealed class GoldenBytesTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private const string Folder = "Serialization/golden";

    public static TheoryData<string> Names => [.. WireExamples.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_has_its_golden_bytes(string name)
    {
        var bytes = fixture.Serializer.ToBinary(WireExamples.All[name]);
        var file = GoldenFile(name);
        var golden = File.Exists(file) ? File.ReadAllBytes(file) : [];
        Assert.True(
            bytes.AsSpan().SequenceEqual(golden),
            $"""
             The bytes of '{name}' differ from {Folder}/{name}.bin, so that other versions of the program do not understand them.
             A message that changes incompatibly gets a new manifest and a golden file of its own. Only where no version was ever
             published with the old bytes, replace them:
               echo {Convert.ToBase64String(bytes)} | base64 -d > tests/Actors.Tests/{Folder}/{name}.bin
             """);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Golden_bytes_are_understood(string name)
    {
        var message = fixture.Serializer.FromBinary(File.ReadAllBytes(GoldenFile(name)), WireExamples.ManifestOf(name));
        Assert.Equal(Structure.Of(WireExamples.All[name]), Structure.Of(message));
    }

    [Fact]
    public void Every_manifest_has_golden_bytes_and_every_golden_file_an_example()
    {
        Assert.Equal(
            ElasticitySerializer.WireTypes.Keys.Order(StringComparer.Ordinal),
            WireExamples.All.Keys.Select(WireExamples.ManifestOf).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            WireExamples.All.Keys.Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, Folder)).Select(Path.GetFileNameWithoutExtension)
                .Order(StringComparer.Ordinal));
    }

    private static string GoldenFile(string name) => Path.Combine(AppContext.BaseDirectory, Folder, $"{name}.bin");
}
