using Akka.Actor;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Clustering;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Supervision;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Accumulation;

/// <summary>
/// Turns perturbations into similarity matrices, class-pair statistics and elasticity indices, and records them.
/// <para>
/// Accepts: <see cref="AccumulatorProtocol"/> from trainer and evaluators, in any order, and from whoever looks; <see cref="ClusteringProtocol.Clustered"/>.
/// </para>
/// <para>
/// Emits: an acknowledgement of every request to the trainer, once it is accumulated; <see cref="ClusteringProtocol.SimilaritySnapshot"/>
/// to the clustering actor, one at a time; <see cref="CheckpointProtocol.AccumulatorCaptured"/> to the checkpoints when asked; pictures to <see cref="SimilarityTap"/> when asked; <see cref="StudyMeasurements"/> when the study is complete.
/// </para>
/// <para>Fails: when recording fails. Nothing survives: another one goes on from a checkpoint.</para>
/// Requests are taken in their order and shards in theirs, whenever they arrive, so that no result depends on timing. While a
/// clustering that is due waits for the one before, no further request is taken: the trainer runs out of credits and waits too.
/// </summary>
public sealed class SimilarityAccumulatorActor : WatchedActor
{
    private readonly AccumulatorSettings _settings;
    private readonly IActorRef _clustering;
    private readonly IActorRef _checkpoints;
    private readonly MeasureAccumulation[] _measures;
    private readonly Dictionary<long, PendingRequest> _pending = [];
    private readonly Queue<AccumulatorProtocol.Capture> _captures = new();
    private readonly List<StepRow> _unrecorded = [];
    private readonly KernelAccumulation _kernel;
    private readonly MovingMean _loss;
    private readonly MovingMean _accuracy;
    private readonly double[] _change;
    private readonly double[] _magnitude;
    private long _next;
    private long _steps;
    private long _sweepSteps;
    private SweptKernel? _sweptKernel;
    private IReadOnlyList<SimilarityClustering> _clusterings = [];
    private string? _trace;
    private bool _snapshotDue;
    private ClusteringProtocol.SimilaritySnapshot? _clusteringInFlight;
    private IActorRef? _completionAsker;

    /// <summary>Creates an accumulator that has measured nothing.</summary>
    public SimilarityAccumulatorActor(AccumulatorSettings settings, IActorRef clustering, IActorRef checkpoints, StudyActivity activity)
        : base(activity)
    {
        _settings = settings;
        _clustering = clustering;
        _checkpoints = checkpoints;
        var state = settings.Restored?.State.Accumulator;
        var references = LinearReference.Contrasts(settings.Probes.Features(), [.. settings.Probes.Classes], settings.Bias);
        _measures = [.. Enum.GetValues<SimilarityMeasure>().Select(m => new MeasureAccumulation(m, settings, references[m], settings.Restored))];
        _kernel = new KernelAccumulation(settings.Probes.Count);
        _loss = new MovingMean(settings.Window, state?.Losses ?? []);
        _accuracy = new MovingMean(settings.Window, state?.Accuracies ?? []);
        _change = new double[settings.Probes.Count];
        _magnitude = new double[settings.Probes.Count];
        _steps = state?.Steps ?? 0;
        _clusterings = state?.Clusterings ?? [];
        if (state is not null)
            (_sweptKernel, _clusteringInFlight) = (AccumulatorCapture.Kernel(settings.Restored!), AccumulatorCapture.UnderWay(settings.Restored!));

        // What came twice: its request is accumulated.
        Receive<AccumulatorProtocol.StepsTaken>(m => m.Sequence < _next, _ => { });
        Receive<AccumulatorProtocol.PerturbationRows>(m => m.Sequence < _next, _ => { });
        Receive<AccumulatorProtocol.StepsTaken>(m =>
        {
            Pending(m.Sequence).Add(m, Sender);
            Drain();
        });
        Receive<AccumulatorProtocol.PerturbationRows>(m =>
        {
            Pending(m.Sequence).Add(m);
            Drain();
        });
        Receive<AccumulatorProtocol.Capture>(m =>
        {
            _captures.Enqueue(m);
            Drain();
        });
        Receive<ClusteringProtocol.Clustered>(Take);
        Receive<AccumulatorProtocol.Complete>(_ =>
        {
            _completionAsker = Sender;
            Record(atEnd: true);
            Drain();
        });
        Receive<AccumulatorProtocol.DrawSimilarity>(_ => settings.Metrics.Similarity.Show(Pictures));
    }

    /// <summary>Whoever looks may ask from now on. Where the study goes on, what it had measured can be seen, and a clustering that had not ended begins again.</summary>
    protected override void PreStart()
    {
        _settings.Metrics.Similarity.Open(Self);
        _settings.Metrics.Measured(_steps);
        if (_settings.Restored?.State.Accumulator is null)
            return;
        _settings.Metrics.Training(_loss.Value, _accuracy.Value);
        _settings.Metrics.Clustered([.. _clusterings.Select(c => c.Row)]);
        if (!_settings.RowsFromSweeps)
            _settings.Metrics.Index([.. _measures.Select(m => m.IndexRow(_steps))]);
        if (_clusteringInFlight is not null)
            _clustering.Tell(_clusteringInFlight);
    }

    /// <summary>There is nothing more to see.</summary>
    protected override void PostStop() => _settings.Metrics.Similarity.Close();

    private PendingRequest Pending(long sequence)
    {
        if (!_pending.TryGetValue(sequence, out var request))
            _pending[sequence] = request = new PendingRequest(_settings.Shards);
        return request;
    }

    private void Drain()
    {
        while (!(_snapshotDue && _clusteringInFlight is not null))
        {
            if (_snapshotDue)
                SendSnapshot(final: false);
            while (_captures.TryPeek(out var capture) && capture.BeforeRequest == _next)
                Capture(_captures.Dequeue().Number);
            if (!_pending.TryGetValue(_next, out var request) || !request.IsComplete)
                break;
            _pending.Remove(_next);
            Accumulate(request);
            Activity.Progressed();
            request.Trainer.Tell(new TrainerProtocol.RequestAccumulated(_next));
            _next++;
        }

        if (_completionAsker is not null && _clusteringInFlight is null)
            SendSnapshot(final: true);
    }

    private void Accumulate(PendingRequest request)
    {
        var taken = request.Steps!;
        using var span = StudyTracing.Start(StudyTracing.Update, taken.Trace);
        var degenerate = 0;
        for (var b = 0; b < taken.Steps.Length; b++)
        {
            var step = taken.Steps[b];
            request.CopyRow(b, _change, _magnitude);
            var isGood = true;
            foreach (var measure in _measures)
            {
                isGood &= taken.Kind == StepKind.Training
                    ? measure.AddTrainingStep(step, taken.LearningRate, _change, _magnitude)
                    : measure.AddSweepStep(step, taken.LearningRate, _change, _magnitude);
            }

            degenerate += isGood ? 0 : 1;

            if (taken.KernelRows is { } kernelRows)
                _kernel.Add(step.Probe, kernelRows.AsSpan(b * _settings.Probes.Count, _settings.Probes.Count));
        }

        _settings.Metrics.RowsAccumulated(taken.Steps.Length - degenerate, degenerate);
        if (taken.Kind == StepKind.Training)
            EndTrainingRequest(taken);
        else
            EndSweepRequest(taken);
    }

    private void EndTrainingRequest(AccumulatorProtocol.StepsTaken taken)
    {
        foreach (var step in taken.Steps)
        {
            _loss.Add(step.Loss);
            _accuracy.Add(step.Correct ? 1 : 0);
            _unrecorded.Add(new StepRow(
                step.Step, step.Pass, step.SampleId, step.Position, Names.Of(step.Role), _settings.Probes.ClassNames[step.Class],
                step.Loss, step.Prediction, step.Correct, step.Gradient, step.SelfChange));
        }

        if (!taken.EndsUnit)
            return;
        var before = _steps;
        _steps = taken.Steps[^1].Step + 1;
        _trace = taken.Trace;
        _settings.Recorder.RecordSteps(_unrecorded);
        _unrecorded.Clear();
        if (_steps / _settings.RecordEvery > before / _settings.RecordEvery)
            Record(atEnd: false);
        if (!_settings.RowsFromSweeps && _settings.ClusterEvery is { } every && _steps / every > before / every)
            _snapshotDue = true;
        _settings.Metrics.Measured(_steps);
        _settings.Metrics.Training(_loss.Value, _accuracy.Value);
        _settings.Metrics.BlockAccumulated();
        Report(StudyPhase.Training, _steps, _settings.TotalSteps);
    }

    private void EndSweepRequest(AccumulatorProtocol.StepsTaken taken)
    {
        _sweepSteps += taken.Steps.Length;
        if (_settings.TotalSteps == 0)
            Report(StudyPhase.Sweeping, _sweepSteps, _settings.Probes.Count);
        if (!taken.EndsUnit)
            return;
        var sweeps = _measures.Select(m => m.EndSweep(_steps)).ToArray();
        RecordIndex([.. sweeps.Select(s => s.Row)], isThatOfTheStudy: _settings.RowsFromSweeps);
        var kernel = _kernel.Take(_steps, sweeps.Single(s => s.Matrix.Measure == SimilarityMeasure.Kernelized).Matrix);
        _settings.Recorder.RecordSweep(_steps, [.. sweeps.Select(s => s.Matrix)], kernel);
        _sweptKernel = kernel;
        _settings.Recorder.RecordEvent(new EventRow(_steps, EventKinds.Sweep, $"{_sweepSteps} of {_settings.Probes.Count} virtual steps"));
        _sweepSteps = 0;
        _snapshotDue |= _settings.RowsFromSweeps && _settings.ClusterEvery is not null;
    }

    private void Record(bool atEnd)
    {
        var pairs = _measures.SelectMany(m => m.TakeClassPairs(_steps)).ToArray();
        if (pairs.Length > 0)
        {
            _settings.Recorder.RecordClassPairs(pairs);
            _settings.Metrics.ClassPairs(pairs);
        }

        if (!_settings.RowsFromSweeps && !(atEnd && pairs.Length == 0))
            RecordIndex([.. _measures.Select(m => m.IndexRow(_steps))], isThatOfTheStudy: true);
    }

    private void RecordIndex(ElasticityIndexRow[] indices, bool isThatOfTheStudy)
    {
        _settings.Recorder.RecordIndex(indices);
        if (isThatOfTheStudy)
            _settings.Metrics.Index(indices);
    }

    private void SendSnapshot(bool final)
    {
        _snapshotDue = false;
        if (final)
            Report(StudyPhase.Clustering, step: 0, total: null);
        _clusteringInFlight = new ClusteringProtocol.SimilaritySnapshot(_steps, final, [.. _measures.Select(m => m.Measured())], _trace);
        _clustering.Tell(_clusteringInFlight);
    }

    private void Capture(long number) => _checkpoints.Tell(new CheckpointProtocol.AccumulatorCaptured(
        number,
        new AccumulatorState(
            _steps, _loss.Values, _accuracy.Values, _measures.ToDictionary(m => m.Measure, m => m.DegenerateRows), _sweptKernel?.Distance,
            _clusterings, AccumulatorCapture.Describe(_clusteringInFlight)),
        AccumulatorCapture.Arrays(_measures, _sweptKernel),
        AccumulatorCapture.Arrays(_clusteringInFlight),
        _settings.Recorder.Mark()));

    private void Take(ClusteringProtocol.Clustered clustered)
    {
        using var span = StudyTracing.Start(StudyTracing.Update, clustered.Trace);
        _clusteringInFlight = null;
        _clusterings = [.. clustered.Clusterings, .. _clusterings.Where(old => !clustered.Clusterings.Any(c => (c.Measure, c.Method) == (old.Measure, old.Method)))];
        if (clustered.Clusterings.Count > 0)
            _settings.Recorder.RecordClusterings([.. clustered.Clusterings.Select(c => c.Row)]);
        if (!clustered.Final)
        {
            Drain();
            return;
        }

        _completionAsker!.Tell(new StudyMeasurements(
            _steps,
            [.. _measures.Select(m => new MeasureResult(m.Measure, m.Measured(), m.Contrast(), m.Reference, m.DegenerateRows))],
            clustered.Clusterings,
            _sweptKernel));
    }

    private IReadOnlyList<SimilarityPicture> Pictures() =>
        [.. _measures.SelectMany(m => m.Pictures(_steps, _clusterings.FirstOrDefault(c => c.Measure == m.Measure)))];

    private void Report(StudyPhase phase, long step, long? total)
    {
        var index = _measures.Single(m => m.Measure == SimilarityMeasure.Kernelized).Contrast().Index;
        _settings.Progress.Report(new StudyProgress(phase, step, total, _loss.Value, index));
    }
}
