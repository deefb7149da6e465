using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Akka.Streams;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Clustering;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;
using ElasticityStream.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TorchSharp;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>Runs whole studies in an actor system of their own.</summary>
internal static class StudyFixture
{
    /// <summary>After this long a study counts as hanging; many times what it takes.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Every message that is not marked local goes through a serializer. Akka's own StopChild, which the guardian of the system's
    /// loggers gets at shutdown, has none under strict serialization and is only logged; any other such complaint is ours.
    /// </summary>
    public const string SerializeEverything = """
        akka.actor {
          serialize-messages = on
          serialization-bindings { "Akka.Dispatch.SysMsg.StopChild, Akka" = json }
        }
        """;

    /// <summary>Metrics that nobody reads.</summary>
    public static StudyMetrics Unread => new ElasticityMeter([], [], TimeProvider.System).Begin("main");

    /// <summary>A small online study of a network with 16 hidden units.</summary>
    public static async Task<StudyPlan> PlanAsync(
        ISampleSource source, ProbeEngineKind engine = ProbeEngineKind.DeltaForward, NetworkSpec? network = null,
        Loss loss = Loss.Mse, Prediction prediction = Prediction.Logit, int? probes = null)
    {
        network ??= new NetworkSpec(NetworkKind.Mlp, source.Schema.FeatureCount, [16], 1, Activation.Relu, Bias: true);
        var probeSet = await ProbeSet.SelectAsync(source, probes, TestContext.Current.CancellationToken);
        return new StudyPlan
        {
            Source = source,
            Probes = probeSet,
            Engine = ProbeEngine.Create(engine, network, new LossFunction(loss, prediction), torch.CPU, seed: 1),
            Loss = new LossFunction(loss, prediction),
            InitialWeights = null,
            Bias = network.Bias,
            Protocol = Protocol.Online,
            Stream = new TrainingStreamOptions { Passes = 1, Seed = 1, BlockSize = 8 },
            TotalSteps = source.Schema.Count,
            Pretraining = null,
            PretrainingLearningRate = 0.01,
            LearningRate = 0.02,
            Evaluators = 2,
            TrainsOnProbesOnly = false,
            Credits = 2,
            RebaseEvery = 4096,
            MaxRewinds = 0,
            SweepEvery = null,
            SweepKernel = true,
            RowUpdate = RowUpdate.Latest,
            EwmaWeight = 0.5,
            ClusteringMethods = [ClusteringMethod.KMeans, ClusteringMethod.KernelKMeans],
            Clustering = new ClusteringOptions { Clusters = 2, Seed = 1 },
            ClusterEvery = null,
            RecordEvery = 10,
            Window = 100,
            RowsFromSweeps = false,
        };
    }

    /// <summary>The same study through full-forward, of a module of unknown structure: a block is as many requests as it has steps.</summary>
    public static StudyPlan OfUnknownModule(StudyPlan plan)
    {
        var network = new NetworkSpec(NetworkKind.Mlp, plan.Source.Schema.FeatureCount, [16], 1, Activation.Relu, Bias: true);
        return plan with { Engine = new FullForwardEngine(() => new FullyConnectedNetwork(network, torch.CPU, 1), 1, plan.Loss, torch.CPU) };
    }

    /// <summary>Runs a study that ends well, in a system that is then stopped, and requires that nothing complained.</summary>
    public static async Task<StudyOutcome> RunAsync(
        StudyPlan plan, RecordedStudy? recorder = null, Action<AkkaConfigurationBuilder>? configure = null, bool serializeMessages = true,
        StudyMetrics? metrics = null, Func<StudyEnvironment, StudyEnvironment>? change = null)
    {
        recorder ??= new RecordedStudy();
        change ??= e => e;
        var (outcome, complaints) = await InSystemAsync(
            system => LeavingNothingAsync(
                system, plan, observed => system.RunStudyAsync(
                    observed, change(new StudyEnvironment(recorder, recorder, metrics ?? Unread)), recorder.Interruption.Token)),
            configure, serializeMessages);
        Assert.Empty(complaints.Heard);
        return outcome;
    }

    /// <summary>Runs a study whose actors fail and recover: what was under way to them then is lost, and nobody minds.</summary>
    public static async Task<StudyOutcome> RecoverAsync(
        StudyPlan plan, RecordedStudy recorder, Func<StudyEnvironment, StudyEnvironment> change, StudyMetrics? metrics = null)
    {
        var (outcome, complaints) = await InSystemAsync(
            system => LeavingNothingAsync(
                system, plan,
                observed => system.RunStudyAsync(observed, change(new StudyEnvironment(recorder, recorder, metrics ?? Unread)), recorder.Interruption.Token)));
        Assert.All(complaints.Heard, c => Assert.IsType<DeadLetter>(c));
        return outcome;
    }

    /// <summary>Runs a study that is to fail and returns how it did.</summary>
    public static async Task<Exception> FailAsync(
        StudyPlan plan, IStudyRecorder? recorder = null, IProgress<StudyProgress>? progress = null, StudyMetrics? metrics = null,
        Func<StudyEnvironment, StudyEnvironment>? change = null)
    {
        var (failure, _) = await InSystemAsync(
            system => LeavingNothingAsync(
                system,
                plan,
                async observed => await Record.ExceptionAsync(() => system.RunStudyAsync(
                    observed, (change ?? (e => e))(new StudyEnvironment(recorder ?? new RecordedStudy(), progress ?? new RecordedStudy(), metrics ?? Unread)),
                    CancellationToken.None))));
        return failure ?? throw new InvalidOperationException("The study did not fail.");
    }

    /// <summary>Runs a study, after which every tensor is to be freed, every actor stopped, and the exception of every task seen by somebody.</summary>
    private static async Task<T> LeavingNothingAsync<T>(ActorSystem system, StudyPlan plan, Func<StudyPlan, Task<T>> run)
    {
        // What tests before this one left to the finalizers must not go while this one counts.
        RunFinalizers();
        using var unobserved = new UnobservedTasks();
        // The supervisor of the system's own streams stays as long as the system.
        _ = system.Materializer();
        var actors = Children(system);
        var tensors = torch.Tensor.TotalCount;
        var engine = new ObservedEngine(plan.Engine);
        var result = await run(plan with { Engine = engine });
        Assert.Equal(tensors, torch.Tensor.TotalCount - engine.CountedForEver);
        var cancellation = TestContext.Current.CancellationToken;
        await Task.WhenAll(Children(system).Except(actors).Select(actor => actor.WatchAsync(cancellation)));
        RunFinalizers();
        Assert.Empty(unobserved.Exceptions);
        return result;
    }

    private static void RunFinalizers()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static IActorRef[] Children(ActorSystem system) => [.. ((ActorRefWithCell)((ExtendedActorSystem)system).Guardian).Children];

    /// <summary>Does something in an actor system under <c>serialize-messages</c> and strict serialization, and stops the system.</summary>
    /// <param name="act">What to do.</param>
    /// <param name="configure">In place of <see cref="ElasticityAkka.WithElasticity"/>; null for that.</param>
    /// <param name="serializeMessages">Whether messages between the actors of the system go through their serializer.</param>
    public static async Task<(T Result, Complaints Complaints)> InSystemAsync<T>(
        Func<ActorSystem, Task<T>> act, Action<AkkaConfigurationBuilder>? configure = null, bool serializeMessages = true)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var host = new HostBuilder()
            .ConfigureServices(services => services.AddAkka("test", builder =>
            {
                builder
                    .ConfigureLoggers(l => l.ClearLoggers())
                    .AddHocon("akka.stdout-loglevel = off", HoconAddMode.Prepend);
                if (serializeMessages)
                    builder.AddHocon(SerializeEverything, HoconAddMode.Prepend);
                (configure ?? (b => b.WithElasticity()))(builder);
            }))
            .Build();
        await host.StartAsync(cancellation);
        var system = host.Services.GetRequiredService<ActorSystem>();
        var complaints = new Complaints(system);
        try
        {
            return (await act(system).WaitAsync(Bound, cancellation), complaints);
        }
        finally
        {
            await host.StopAsync(cancellation);
        }
    }
}
