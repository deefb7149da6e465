using Akka.Actor;
using Akka.Hosting;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Serialization;
using ElasticityStream.Actors.Studies;

namespace ElasticityStream.Actors;

/// <summary>What an actor system needs to run studies.</summary>
public static class ElasticityAkka
{
    /// <summary>The dispatcher of actors that call torch: a thread of its own for each, because torch's scopes and settings are bound to one.</summary>
    public const string TorchDispatcher = "elasticity.torch-dispatcher";

    // The system ends when its owner says so: Akka's own hook would end it at the first signal, in the middle of a study's closing work.
    private const string Settings = $$"""
        {{TorchDispatcher}} { type = PinnedDispatcher }
        akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
        """;

    /// <summary>Adds the dispatcher and the serializer; a message that is neither local nor a wire contract is refused instead of turned to JSON.</summary>
    public static AkkaConfigurationBuilder WithElasticity(this AkkaConfigurationBuilder builder) => builder
        .AddHocon(Settings, HoconAddMode.Prepend)
        .WithCustomSerializer("elasticity", [typeof(IWireMessage)], system => new ElasticitySerializer(system))
        .WithStrictSerialization();

    /// <summary>Runs a study to its end.</summary>
    /// <param name="system">Configured by <see cref="WithElasticity"/>.</param>
    /// <param name="plan">The study.</param>
    /// <param name="environment">What it runs in.</param>
    /// <param name="interrupted">Asks the study to end early, keeping what was measured.</param>
    /// <exception cref="StudyFailedException">The study cannot go on.</exception>
    /// <exception cref="SampleSourceException">Its source cannot.</exception>
    public static async Task<StudyOutcome> RunStudyAsync(
        this ActorSystem system, StudyPlan plan, StudyEnvironment environment, CancellationToken interrupted)
    {
        var study = system.ActorOf(Props.Create(() => new StudyActor(plan, environment)));
        await using var registration = interrupted.Register(() => study.Tell(new StudyProtocol.Interrupt()));
        return await study.Ask<StudyOutcome>(new StudyProtocol.Run(), Timeout.InfiniteTimeSpan, CancellationToken.None);
    }
}
