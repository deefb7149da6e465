using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>
/// Hears every error, dead letter and unhandled message of an actor system, to its very end: it is called by the event stream
/// itself and is no actor, so that it does not stop before the others do. Not heard: what Akka's own actors under /system could not
/// deliver to each other while the system stopped.
/// </summary>
[SuppressMessage("Design", "MA0097", Justification = "References are not put in order here.")]
internal sealed class Complaints : MinimalActorRef
{
    private readonly ConcurrentQueue<object> _heard = new();

    public Complaints(ActorSystem system)
    {
        Provider = ((ExtendedActorSystem)system).Provider;
        Path = new RootActorPath(Address.AllSystems) / "complaints";
        system.EventStream.Subscribe(this, typeof(Error));
        system.EventStream.Subscribe(this, typeof(DeadLetter));
        system.EventStream.Subscribe(this, typeof(UnhandledMessage));
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    public IReadOnlyCollection<object> Heard => _heard;

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is not DeadLetter { Recipient.Path.Elements: ["system", ..] })
            _heard.Enqueue(message);
    }
}
