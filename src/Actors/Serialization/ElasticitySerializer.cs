using Akka.Actor;
using Akka.Serialization;
using ElasticityStream.Actors.Messages;
using MessagePack;
using MessagePack.Resolvers;

namespace ElasticityStream.Actors.Serialization;

/// <summary>Serializes every <see cref="IWireMessage"/> with MessagePack; a short manifest names its type on the wire.</summary>
public sealed class ElasticitySerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly MessagePackSerializerOptions Options = MessagePackSerializerOptions.Standard
        .WithSecurity(MessagePackSecurity.UntrustedData)
        .WithResolver(CompositeResolver.Create(
            [
                new RawArrayFormatter<double>(), new RawArrayFormatter<float>(), new NetworkWeightsFormatter(),
                new UpdateBlockFormatter(), new PerturbationBlockFormatter(), new CarriedStateFormatter(),
            ],
            [StandardResolver.Instance]));

    // A manifest never changes its meaning: a message that changes incompatibly gets a new one.
    private static readonly (string Manifest, Type Type)[] Contracts =
    [
        ("EP", typeof(EvaluatorProtocol.LoadProbes)),
        ("EW", typeof(EvaluatorProtocol.LoadWeights)),
        ("ER", typeof(EvaluatorProtocol.ProbeRequest)),
        ("EC", typeof(EvaluatorProtocol.CloseProbes)),
        ("EA", typeof(EvaluatorProtocol.ReadPreActivations)),
        ("EK", typeof(EvaluatorProtocol.Capture)),
        ("EG", typeof(EvaluatorProtocol.Restore)),
        ("AS", typeof(AccumulatorProtocol.StepsTaken)),
        ("AP", typeof(AccumulatorProtocol.PerturbationRows)),
        ("AK", typeof(AccumulatorProtocol.Capture)),
        ("KS", typeof(CheckpointProtocol.ShardCaptured)),
        ("TA", typeof(TrainerProtocol.RequestAccumulated)),
        ("TL", typeof(TrainerProtocol.WeightsLoaded)),
        ("TP", typeof(TrainerProtocol.PreActivations)),
        ("CS", typeof(ClusteringProtocol.SimilaritySnapshot)),
    ];

    private static readonly Dictionary<Type, string> Manifests = Contracts.ToDictionary(c => c.Type, c => c.Manifest);
    private static readonly Dictionary<string, Type> Types = Contracts.ToDictionary(c => c.Manifest, c => c.Type);

    /// <summary>The types that can be on the wire, each with its manifest.</summary>
    public static IReadOnlyDictionary<string, Type> WireTypes => Types;

    /// <summary>Fixed for ever; Akka's own serializers use small numbers.</summary>
    public override int Identifier => 20_200;

    /// <inheritdoc/>
    public override string Manifest(object o) => Manifests.TryGetValue(o.GetType(), out var manifest)
        ? manifest
        : throw new ArgumentException($"{o.GetType()} is not a message of the wire.", nameof(o));

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => MessagePackSerializer.Serialize(obj.GetType(), obj, Options);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => Types.TryGetValue(manifest, out var type)
        ? MessagePackSerializer.Deserialize(type, bytes, Options) ?? throw new MessagePackSerializationException($"Nil is no {type.Name}.")
        : throw new ArgumentException($"No message of the wire is called '{manifest}'; there are {string.Join(", ", Types.Keys)}.", nameof(manifest));
}
