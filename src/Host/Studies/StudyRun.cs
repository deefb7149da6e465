using System.Diagnostics;
using Akka.Actor;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Native;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Live;
using ElasticityStream.Host.Progress;
using ElasticityStream.Host.Results;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;
using ElasticityStream.Host.Telemetry;
using ElasticityStream.Streams.Validation;
using Microsoft.Extensions.Logging;
using TorchSharp;

namespace ElasticityStream.Host.Studies;

/// <summary>
/// Runs a study, or goes on with one: the main model, then the contrast, with everything that they leave in the run directory, which belongs to this
/// process until it is disposed.
/// </summary>
internal sealed class StudyRun : IDisposable
{
    /// <summary>The study's own model, in metrics and logs.</summary>
    public const string MainModel = "main";

    /// <summary>The contrast, likewise.</summary>
    public const string ContrastModel = "contrast";

    private readonly StudyConfiguration _study;
    private readonly StudySource _source;
    private readonly torch.Device _device;
    private readonly IProgress<ProgressSnapshot> _progress;
    private readonly StartingPoint? _start;
    private readonly ResumePoint? _resumed;
    private readonly RunLock _lock;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private RunDescription _description;
    private RejectedSampleRecorder? _rejected;

    /// <summary>Begins a run. Writes what is known before the start: the resolved study and the run's description.</summary>
    /// <param name="study">The configuration.</param>
    /// <param name="source">Its source.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="directory">The new run's folder.</param>
    /// <param name="progress">Told where the study stands.</param>
    /// <param name="start">What the models start from; null for the weights of the study's seed.</param>
    /// <exception cref="RunDirectoryException">The folder cannot be written.</exception>
    public StudyRun(
        StudyConfiguration study, StudySource source, torch.Device device, RunDirectory directory, IProgress<ProgressSnapshot> progress,
        StartingPoint? start = null)
    {
        _study = study;
        _source = source;
        _device = device;
        Directory = directory;
        _progress = progress;
        _start = start;
        _lock = RunLock.Take(directory.Root);
        var contrast = ModelChoice.OfContrast(study);
        _description = new RunDescription
        {
            Study = study.Name,
            Run = directory.Id,
            StudyFile = source.StudyFile,
            SweepOf = start?.Origin,
            StartedUtc = TimeProvider.System.GetUtcNow(),
            CommandLine = Environment.GetCommandLineArgs(),
            Seed = study.Seed,
            Main = Describe(ModelChoice.OfStudy(study)),
            Contrast = contrast is null ? null : Describe(contrast),
            Versions = SoftwareVersions.Current(TorchRuntime.Description.ToString()),
            Machine = MachineDescription.Current(),
        };
        AtomicFile.Write(directory.StudyFile, stream => StudyFile.Write(study, stream));
        _description.Write(directory.DescriptionFile);
    }

    private StudyRun(
        StudyConfiguration study, StudySource source, torch.Device device, SavedRun saved, RunLock runLock, ResumePoint point, IProgress<ProgressSnapshot> progress)
    {
        _study = study;
        _source = source;
        _device = device;
        Directory = saved.Directory;
        _progress = progress;
        _resumed = point;
        _lock = runLock;
        _description = saved.Description with
        {
            Outcome = RunOutcome.Running,
            Message = null,
            EndedUtc = null,
            Resumed =
            [
                .. saved.Description.Resumed,
                new RunResumption(
                    TimeProvider.System.GetUtcNow(), point.Main?.Saved.Step ?? 0, point.Contrast?.Saved.Step, Environment.GetCommandLineArgs(),
                    SoftwareVersions.Current(TorchRuntime.Description.ToString()), MachineDescription.Current()),
            ],
        };
        _description.Write(Directory.DescriptionFile);
    }

    /// <summary>Goes on with a run whose process has ended.</summary>
    /// <param name="study">Its study.</param>
    /// <param name="source">The study's source.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="saved">The run.</param>
    /// <param name="progress">Told where the study stands.</param>
    /// <param name="say">Takes a line for the user.</param>
    /// <exception cref="SavedRunException">It cannot go on: it computed on another device, or was changed.</exception>
    /// <exception cref="RunDirectoryException">Another process still runs it, its folder cannot be written, or none of its checkpoints is good.</exception>
    public static StudyRun Resume(
        StudyConfiguration study, StudySource source, torch.Device device, SavedRun saved, IProgress<ProgressSnapshot> progress, Action<string> say)
    {
        var runLock = RunLock.Take(saved.Directory.Root);
        try
        {
            if (saved.Description.Main.Device != device.ToString())
            {
                throw new SavedRunException(
                    $"The run computed on {saved.Description.Main.Device}, not on {device}; from here on its numbers would be others. Give --device to choose that one.");
            }

            var point = ResumePoint.Find(saved.Directory, study, say);
            saved.Directory.RemoveUnfinished();
            return new StudyRun(study, source, device, saved, runLock, point, progress);
        }
        catch
        {
            runLock.Dispose();
            throw;
        }
    }

    /// <summary>Its folder.</summary>
    public RunDirectory Directory { get; }

    /// <summary>Where the runs of all studies lie.</summary>
    public string OutputFolder => Path.GetFullPath(Path.Combine(Directory.Root, "..", ".."));

    /// <summary>What tells it from all others.</summary>
    public RunIdentity Identity => new(_study.Name, Directory.Id, _description.Main.Network, _study.Source.Type);

    private long RejectedSamples => _rejected?.Count ?? 0;

    private string ControlName => _source.Schema.FeatureShape.Count > 1 ? "pixels" : "features";

    /// <summary>What its models had measured by the checkpoints that they go on from, for those who look; null for a run that begins.</summary>
    /// <param name="log">Told where it cannot be read, for which the study does not stop.</param>
    public LivePast? Past(ILogger log) => _resumed?.Past(Directory, _study, log);

    /// <summary>Runs both models. A contrast that fails takes nothing from the main model, whose results are complete by then.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="meter">Told what the models do.</param>
    /// <param name="log">The run's log.</param>
    /// <param name="interrupted">Asks for an early end that keeps what was measured.</param>
    /// <exception cref="OperationCanceledException">It was interrupted before it had read its samples.</exception>
    /// <exception cref="StudyFailedException">The main model's study cannot go on.</exception>
    /// <exception cref="SampleSourceException">Its source cannot.</exception>
    /// <exception cref="RunDirectoryException">Its files cannot be written.</exception>
    public async Task<StudySummary> RunAsync(ActorSystem system, ElasticityMeter meter, ILogger log, CancellationToken interrupted)
    {
        log.RunStarted(Identity.Run, Identity.Study, Identity.Model, Identity.Source);
        try
        {
            var summary = await RunModelsAsync(system, meter, log, interrupted);
            Conclude(summary.Outcome, summary.Failure);
            meter.State = summary.Failure is null ? StudyState.Ended : StudyState.Failed;
            if (summary.Failure is not null)
                log.RunFailed(null, summary.Failure);
            else
                log.RunEnded(ChoiceNames.Of(summary.Outcome));
            return summary;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            Conclude(RunOutcome.Interrupted, "before the first step, while the samples were read");
            meter.State = StudyState.Ended;
            log.RunEnded(ChoiceNames.Of(RunOutcome.Interrupted));
            throw;
        }
        catch (Exception e)
        {
            log.RunFailed(e, e.Message);
            meter.State = StudyState.Failed;
            ConcludeAsFailed(e);
            throw;
        }
    }

    /// <summary>Writes why the run could not go on, or could not begin, unless it is concluded already.</summary>
    public void ConcludeAsFailed(Exception cause)
    {
        if (_description.EndedUtc is not null)
            return;
        try
        {
            Conclude(RunOutcome.Failed, cause.Message);
        }
        catch (RunDirectoryException)
        {
            // Where the disk is full or the folder is gone, this fails too. The cause is what is reported.
        }
    }

    /// <summary>Gives the run directory back.</summary>
    public void Dispose() => _lock.Dispose();

    private async Task<StudySummary> RunModelsAsync(ActorSystem system, ElasticityMeter meter, ILogger log, CancellationToken interrupted)
    {
        var restarts = new SourceRestartRecorder(log);
        using var database = OpenDatabase(Directory.Main, _resumed?.Main);
        var recorder = new RunRecorder(database, Directory.Main, MainModel, log);
        restarts.RecordWith(recorder);
        await using var samples = await LoadAsync(recorder, meter, restarts, log, interrupted);
        var probes = await ProbeSet.SelectAsync(samples.Source, _study.Probe.Count, interrupted);
        var main = await Model(ModelChoice.OfStudy(_study), Directory.Main, _resumed?.Main, _start?.Main, PlannedMain)
            .RunAsync(system, database, recorder, meter.Begin(MainModel), samples, probes, log, interrupted);
        database.Close();

        _description = _description with { Main = Concluded(_description.Main, main) };
        ModelResult? contrast = null;
        string? failure = null;
        if (ModelChoice.OfContrast(_study) is { } choice && !interrupted.IsCancellationRequested)
        {
            try
            {
                using var contrastDatabase = OpenDatabase(Directory.Contrast!, _resumed?.Contrast);
                var contrastRecorder = new RunRecorder(contrastDatabase, Directory.Contrast!, ContrastModel, log);
                restarts.RecordWith(contrastRecorder);
                contrast = await Model(choice, Directory.Contrast!, _resumed?.Contrast, _start?.Contrast, PlannedContrast)
                    .RunAsync(system, contrastDatabase, contrastRecorder, meter.Begin(ContrastModel), samples, probes, log, interrupted);
                contrastDatabase.Close();
                _description = _description with { Contrast = Concluded(_description.Contrast!, contrast) };
            }
            catch (StudyFailedException e)
            {
                failure = $"The contrast failed: {e.Message}";
            }
        }

        Report("drawing", main.Name);
        var pictures = new ModelPictures(_study, probes, _source.Geodesic);
        pictures.Draw(main, contrast, ControlName);
        if (contrast is not null)
            pictures.Draw(contrast, null, ControlName);
        var summary = StudyReport.Summarise(_study, Directory, ControlName, RejectedSamples, main, contrast);
        if (failure is not null)
            return summary with { Outcome = RunOutcome.Failed, Failure = failure };
        return interrupted.IsCancellationRequested ? summary with { Outcome = RunOutcome.Interrupted } : summary;
    }

    private async Task<StudySamples> LoadAsync(
        RunRecorder recorder, ElasticityMeter meter, SourceRestartRecorder restarts, ILogger log, CancellationToken interrupted)
    {
        var earlier = _resumed is null ? EarlierRejections.None : RejectionsIn(Directory.Main);
        _rejected = new RejectedSampleRecorder(recorder, meter, log, earlier.Count);
        if (_resumed?.Main is { } from && !_source.CanSeek)
            recorder.RecordEvent(new EventRow(from.Saved.Step, EventKinds.Gap, "the source cannot go back: the samples that came while the study did not run are missing"));
        return await _source.LoadAsync(_rejected, earlier, restarts.Report, interrupted);
    }

    // Samples are diverted as they are read, which is ahead of the steps; each once, whatever happens to the steps.
    private static EarlierRejections RejectionsIn(ModelFiles files)
    {
        using var database = new RunDatabaseReader(files.Database);
        var (count, last) = database.ReadRejections();
        return new EarlierRejections(count, last, position =>
        {
            using var again = new RunDatabaseReader(files.Database);
            return again.CountRejectionsBefore(position);
        });
    }

    // A process that was killed has recorded more than its last checkpoint knows of: what comes after it is measured again.
    private RunDatabase OpenDatabase(ModelFiles files, LoadedCheckpoint? from)
    {
        if (from is null)
        {
            // It may have been killed while it created the database, of which there is then any part.
            if (_resumed is not null)
                RunDatabase.Remove(files.Database);
            return new RunDatabase(files.Database, StudyComposer.Thinning(_study));
        }

        var database = RunDatabase.Open(files.Database, StudyComposer.Thinning(_study));
        try
        {
            database.Rewind(CheckpointState.FromBytes(from.Checkpoint.State).Recorded);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void PlannedMain(long? steps) => Plan(_description with { Main = _description.Main with { TotalSteps = steps } });

    private void PlannedContrast(long? steps) => Plan(_description with { Contrast = _description.Contrast! with { TotalSteps = steps } });

    private void Plan(RunDescription description)
    {
        _description = description;
        _description.Write(Directory.DescriptionFile);
    }

    private ModelRun Model(ModelChoice choice, ModelFiles files, LoadedCheckpoint? from, Func<StudyPlan, NetworkWeights>? weights, Action<long?> planned) => new()
    {
        Study = _study,
        RunId = Directory.Id,
        Choice = choice,
        Files = files,
        Device = _device,
        Geodesic = _source.Geodesic,
        From = from,
        Weights = weights,
        WeightsOrigin = _start?.Origin,
        Progress = _progress,
        Planned = planned,
        Clock = _clock,
    };

    private ModelDescription Describe(ModelChoice choice)
    {
        var network = StudyComposer.Network(_study, _source.Schema, choice);
        var engine = StudyComposer.Engine(_study, network, _device);
        return new ModelDescription
        {
            Network = network.ToString(),
            Device = _device.ToString(),
            Dtype = engine.Precision,
            Engine = ProbeEngine.Name(engine.Kind),
            EngineReason = ProbeEngine.Reason(_study.Probe.Engine, network),
            LearningRate = choice.LearningRate.Value ?? 0,
            LearningRateOrigin = choice.LearningRate.IsAuto ? "auto" : "given",
            Prediction = ChoiceNames.Of(_study.Training.Prediction),
        };
    }

    private ModelDescription Concluded(ModelDescription before, ModelResult result) => before with
    {
        LearningRate = result.Outcome.LearningRate,
        LearningRateOrigin = result.LearningRateOrigin,
        // Stated whole: a run that goes on has it already.
        EngineReason = ProbeEngine.Reason(_study.Probe.Engine, result.Network) + (result.IsClosed ? "; closed: every training sample is a probe" : ""),
        Steps = result.Outcome.Measurements.Steps,
        DegenerateRows = result.Outcome.Measurements.Measures.ToDictionary(m => Names.Of(m.Measure), m => m.DegenerateRows),
    };

    private void Conclude(RunOutcome outcome, string? message)
    {
        _description = _description with
        {
            Outcome = outcome,
            Message = message,
            EndedUtc = TimeProvider.System.GetUtcNow(),
            RejectedSamples = RejectedSamples,
        };
        _description.Write(Directory.DescriptionFile);
    }

    private void Report(string phase, string model) => _progress.Report(new ProgressSnapshot(phase, model, 0, null, null, null, _clock.Elapsed));
}
