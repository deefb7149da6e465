using Akka.Actor;
using ElasticityStream.Actors.Serialization;

namespace ElasticityStream.Actors.Tests.Serialization;

/// <summary>The serializer in an actor system of its own.</summary>
public sealed class SerializerFixture : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("serialization", "akka { loglevel = off, stdout-loglevel = off }");

    public SerializerFixture() => Serializer = new ElasticitySerializer((ExtendedActorSystem)_system);

    public ElasticitySerializer Serializer { get; }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _system.Terminate();
}
