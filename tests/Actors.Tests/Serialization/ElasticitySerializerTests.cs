using CsCheck;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Serialization;
using MessagePack;

namespace ElasticityStream.Actors.Tests.Serialization;

public sealed class ElasticitySerializerTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private readonly ElasticitySerializer _serializer = fixture.Serializer;

    public static TheoryData<string> Manifests => [.. ElasticitySerializer.WireTypes.Keys];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Message_keeps_every_bit_when_it_crosses_the_wire(string manifest) => WireGen.ByManifest[manifest].Sample(message =>
    {
        Assert.Equal(manifest, _serializer.Manifest(message));
        var received = _serializer.FromBinary(_serializer.ToBinary(message), manifest);
        Assert.Equal(Structure.Of(message), Structure.Of(received));
    });

    [Fact]
    public void Arrays_are_raw_on_the_wire_whatever_they_hold()
    {
        var floats = _serializer.ToBinary(new EvaluatorProtocol.LoadProbes(new float[1000], 1)).Length;
        var doubles = _serializer.ToBinary(new AccumulatorProtocol.PerturbationRows(0, 0, new(1, 1000, new double[1000], null))).Length;
        Assert.InRange(floats, 4000, 4020);
        Assert.InRange(doubles, 8000, 8020);
    }

    [Fact]
    public void Serializer_keeps_its_number() => Assert.Equal(20_200, _serializer.Identifier);

    [Theory]
    [InlineData("")]
    [InlineData("XX")]
    [InlineData("ep")]
    public void Unknown_manifest_is_refused_with_those_that_there_are(string manifest)
    {
        var failure = Assert.Throws<ArgumentException>(() => _serializer.FromBinary([0x90], manifest));
        Assert.Contains($"'{manifest}'", failure.Message);
        Assert.All(ElasticitySerializer.WireTypes.Keys, known => Assert.Contains(known, failure.Message));
    }

    [Fact]
    public void Message_that_is_not_of_the_wire_gets_no_manifest()
    {
        var failure = Assert.Throws<ArgumentException>(() => _serializer.Manifest(new TrainerProtocol.Begin()));
        Assert.Contains(nameof(TrainerProtocol.Begin), failure.Message);
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Nil_in_place_of_a_message_is_refused(string manifest) =>
        Assert.Throws<MessagePackSerializationException>(() => _serializer.FromBinary([MessagePackCode.Nil], manifest));

    [Theory]
    [InlineData(-2, -3, 6)]
    [InlineData(2, 3, 5)]
    [InlineData(int.MaxValue, int.MaxValue, 1)]
    [InlineData(1 << 16, 1 << 16, 0)]
    public void Perturbations_are_refused_when_steps_and_probes_are_not_the_shape_of_their_changes(int steps, int probes, int changes)
    {
        var bytes = _serializer.ToBinary(new AccumulatorProtocol.PerturbationRows(0, 0, new(steps, probes, new double[changes], null)));
        Assert.Throws<MessagePackSerializationException>(() => _serializer.FromBinary(bytes, "AP"));
    }

    [Theory]
    [InlineData(new long[] { -2, -3 }, 6)]
    [InlineData(new long[] { 2, 3 }, 5)]
    [InlineData(new long[] { 1L << 32, 1L << 32 }, 0)]
    public void Weights_are_refused_when_a_shape_is_not_that_of_its_values(long[] shape, int values)
    {
        var bytes = _serializer.ToBinary(new EvaluatorProtocol.LoadWeights(new([new("w", shape, new double[values])])));
        Assert.Throws<MessagePackSerializationException>(() => _serializer.FromBinary(bytes, "EW"));
    }
}
