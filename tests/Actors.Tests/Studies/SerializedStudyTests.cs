using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Hosting;
using Akka.Serialization;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Serialization;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>The messages of a study really go through our serializer, and come out as they went in.</summary>
public sealed class SerializedStudyTests
{
    [Theory]
    [InlineData(ProbeEngineKind.RankOne, false)]
    [InlineData(ProbeEngineKind.DeltaForward, false)]
    [InlineData(ProbeEngineKind.FullForward, false)]
    [InlineData(ProbeEngineKind.FullForward, true)]
    public async Task Study_gives_the_same_bits_when_every_message_is_serialized(ProbeEngineKind engine, bool unknownModule)
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(20, 20), engine) with { ClusterEvery = 20 };
        if (unknownModule)
            plan = StudyFixture.OfUnknownModule(plan);
        var counts = new ConcurrentDictionary<string, int>();
        var serialized = await StudyFixture.RunAsync(plan, configure: builder => WithCounting(builder, counts));
        var direct = await StudyFixture.RunAsync(plan, serializeMessages: false);

        foreach (var measure in Enum.GetValues<SimilarityMeasure>())
            Assert.Equal(StudyInvarianceTests.Values(direct, measure), StudyInvarianceTests.Values(serialized, measure));
        StudyAgainstPlainLoopTests.AssertEqual(direct.FinalWeights, serialized.FinalWeights);

        // 60 steps in blocks of 8 to 2 evaluators; a request carries one step where a module of unknown structure is stepped.
        var requests = unknownModule ? 60 : 8;
        Assert.Equal(2 * requests, Count("ER"));
        Assert.Equal(2 * requests, Count("AP"));
        Assert.Equal(requests, Count("AS"));
        Assert.Equal(requests, Count("TA"));
        Assert.Equal(2, Count("EP"));
        Assert.Equal(2, Count("EW"));
        // At 24, 40 and 60 steps, and the last one.
        Assert.Equal(4, Count("CS"));

        int Count(string manifest)
        {
            Assert.Equal(counts[$"written {manifest}"], counts[$"read {manifest}"]);
            return counts[$"read {manifest}"];
        }
    }

    // What WithElasticity configures, with the counting serializer in place of the real one.
    private static void WithCounting(AkkaConfigurationBuilder builder, ConcurrentDictionary<string, int> counts) => builder
        .AddHocon($"{ElasticityAkka.TorchDispatcher} {{ type = PinnedDispatcher }}", HoconAddMode.Prepend)
        .WithCustomSerializer("elasticity", [typeof(IWireMessage)], system => new CountingSerializer(system, counts))
        .WithStrictSerialization();

    private sealed class CountingSerializer(ExtendedActorSystem system, ConcurrentDictionary<string, int> counts)
        : SerializerWithStringManifest(system)
    {
        private readonly ElasticitySerializer _serializer = new(system);

        public override int Identifier => _serializer.Identifier;

        public override string Manifest(object o) => _serializer.Manifest(o);

        public override byte[] ToBinary(object obj)
        {
            counts.AddOrUpdate($"written {Manifest(obj)}", 1, (_, count) => count + 1);
            return _serializer.ToBinary(obj);
        }

        public override object FromBinary(byte[] bytes, string manifest)
        {
            counts.AddOrUpdate($"read {manifest}", 1, (_, count) => count + 1);
            return _serializer.FromBinary(bytes, manifest);
        }
    }
}
