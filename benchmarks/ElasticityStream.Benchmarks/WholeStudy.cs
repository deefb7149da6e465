using System.Diagnostics;
using Akka.Actor;
using Akka.Hosting;
using ElasticityStream.Actors;
using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Clustering;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;
using ElasticityStream.Host.Telemetry;
using ElasticityStream.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ElasticityStream.Benchmarks;

/// <summary>
/// The running pipeline: stream, trainer, evaluators and accumulator as actors, with both similarities, class pairs and indices; nothing is
/// clustered, and what is recorded is dropped. Timed from the first tenth of its steps to the last step.
/// </summary>
internal sealed class WholeStudy : IStudyRecorder, IProgress<StudyProgress>
{
    private readonly StudyPlan _plan;
    private ILogger _log = NullLogger.Instance;
    private long _start;
    private long _startStep = -1;
    private long _end;
    private long _endStep;
    private long _allocatedAtStart;
    private long _allocatedAtEnd;

    private WholeStudy(StudyPlan plan) => _plan = plan;

    /// <summary>What a step took, once it has run.</summary>
    public double SecondsPerStep => Stopwatch.GetElapsedTime(_start, _end).TotalSeconds / (_endStep - _startStep);

    private double BytesPerStep => (double)(_allocatedAtEnd - _allocatedAtStart) / (_endStep - _startStep);

    /// <summary>Runs a study of random samples.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="study">Probes and samples.</param>
    /// <param name="inputs">d.</param>
    /// <param name="steps">How many steps it takes.</param>
    /// <param name="block">B.</param>
    /// <param name="closed">Whether it trains on its probes only.</param>
    /// <param name="rate">eta.</param>
    public static (double SecondsPerStep, double BytesPerStep) Run(
        IProbeEngine engine, RandomStudy study, int inputs, int steps, int block, bool closed, double rate)
    {
        var run = Create(engine, study, inputs, steps, block, closed, rate);
        run.RunAsync().GetAwaiter().GetResult();
        return (run.SecondsPerStep, run.BytesPerStep);
    }

    /// <summary>Makes a study of random samples, for a host of the caller's.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="study">Probes and samples.</param>
    /// <param name="inputs">d.</param>
    /// <param name="steps">How many steps it takes.</param>
    /// <param name="block">B.</param>
    /// <param name="closed">Whether it trains on its probes only.</param>
    /// <param name="rate">eta.</param>
    /// <param name="checkpoints">When its checkpoints are saved, and where; null to keep them in memory.</param>
    public static WholeStudy Create(IProbeEngine engine, RandomStudy study, int inputs, int steps, int block, bool closed, double rate, CheckpointSettings? checkpoints = null)
    {
        var source = new RandomSource(study, inputs, closed);
        var probes = ProbeSet.SelectAsync(source, null, CancellationToken.None).GetAwaiter().GetResult();
        var passes = Math.Max(1, steps / (int)source.Schema.Count!.Value);
        return new WholeStudy(new StudyPlan
        {
            Source = source,
            Probes = probes,
            Engine = engine,
            Bias = true,
            InitialWeights = null,
            Loss = new LossFunction(Loss.Mse, Prediction.Logit),
            Protocol = Protocol.Online,
            Stream = new TrainingStreamOptions { Passes = passes, Seed = 1, BlockSize = block },
            TotalSteps = source.Schema.Count * passes,
            Pretraining = null,
            PretrainingLearningRate = 1,
            LearningRate = rate,
            Evaluators = Environment.ProcessorCount,
            TrainsOnProbesOnly = closed,
            Credits = 3,
            RebaseEvery = long.MaxValue,
            MaxRewinds = 0,
            SweepEvery = null,
            SweepKernel = false,
            RowUpdate = RowUpdate.Latest,
            EwmaWeight = 1,
            ClusteringMethods = [],
            Clustering = new ClusteringOptions { Clusters = 2, Seed = 1 },
            ClusterEvery = null,
            RecordEvery = 100,
            Window = 1000,
            RowsFromSweeps = false,
        })
        {
            Checkpoints = checkpoints ?? CheckpointSettings.InMemory,
        };
    }

    /// <summary>When its checkpoints are saved, and where; by default they are kept in memory.</summary>
    public CheckpointSettings Checkpoints { get; init; } = CheckpointSettings.InMemory;

    /// <summary>Runs it, once.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="meter">Told what it does.</param>
    /// <param name="log">Takes a record each time that class pairs and indices are recorded, which is more than a study writes to its log.</param>
    public Task<StudyOutcome> RunAsync(ActorSystem system, ElasticityMeter meter, ILogger log)
    {
        _log = log;
        return system.RunStudyAsync(_plan, new StudyEnvironment(this, this, meter.Begin("main")) { Checkpoints = Checkpoints }, CancellationToken.None);
    }

    public void RecordSteps(IReadOnlyList<StepRow> steps)
    {
        var step = steps[^1].Step + 1;
        if (_startStep < 0 && step >= _plan.TotalSteps / 10)
            (_start, _startStep, _allocatedAtStart) = (Stopwatch.GetTimestamp(), step, GC.GetTotalAllocatedBytes());
        (_end, _endStep, _allocatedAtEnd) = (Stopwatch.GetTimestamp(), step, GC.GetTotalAllocatedBytes());
    }

    public void RecordClassPairs(IReadOnlyList<ClassPairRow> pairs)
    {
    }

    public void RecordIndex(IReadOnlyList<ElasticityIndexRow> indices) => _log.StudyEvent("main", indices[0].Step, "index", "recorded");

    public void RecordClusterings(IReadOnlyList<ClusteringRow> clusterings)
    {
    }

    public void RecordSweep(long step, IReadOnlyList<MeasuredSimilarity> matrices, SweptKernel? kernel)
    {
    }

    public void RecordRejectedSample(RejectedSampleRow sample)
    {
    }

    public void RecordEvent(EventRow entry)
    {
    }

    public RecordingMark Mark() => RecordingMark.Start;

    public void Rewind(RecordingMark mark) => throw new NotSupportedException("A study of a benchmark goes back to nothing.");

    public void Report(StudyProgress value)
    {
    }

    private async Task RunAsync()
    {
        using var host = new HostBuilder()
            .ConfigureServices(services => services.AddAkka("benchmark", b => b
                .WithElasticity()
                .ConfigureLoggers(l =>
                {
                    l.ClearLoggers();
                    l.LogLevel = Akka.Event.LogLevel.WarningLevel;
                })))
            .Build();
        await host.StartAsync();
        using var meter = new ElasticityMeter([], [], TimeProvider.System);
        await RunAsync(host.Services.GetRequiredService<ActorSystem>(), meter, NullLogger.Instance);
        await host.StopAsync();
    }
}
