using Akka.Actor;

namespace ElasticityStream.Actors.Supervision;

/// <summary>An actor of a study of which it can be told what it is doing.</summary>
public abstract class WatchedActor : ReceiveActor
{
    private readonly ActorActivity _own;
    private readonly string _name;

    /// <summary>Creates the actor.</summary>
    /// <param name="activity">Told what it does.</param>
    protected WatchedActor(StudyActivity activity)
    {
        Activity = activity;
        _name = Self.Path.Name;
        _own = activity.Of(_name);
    }

    /// <summary>Told when the study gets on.</summary>
    protected StudyActivity Activity { get; }

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        _own.Begin(message);
        Activity.OnMessage?.Invoke(_name, message);
        var isHandled = base.AroundReceive(receive, message);
        _own.End();
        return isHandled;
    }
}
