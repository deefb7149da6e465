using Akka.Actor;
using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Supervision;
using ElasticityStream.Compute.TangentKernels;

namespace ElasticityStream.Actors.Training;

/// <summary>The trainer's sweeps: virtual steps at all probes, and the neural tangent kernel beside them.</summary>
internal sealed class SweepWork
{
    private readonly TrainerSettings _settings;
    private readonly ProbeDispatch _dispatch;
    private readonly HandOver _handOver;
    private readonly StudyActivity _activity;
    private bool _interrupted;

    /// <summary>Creates it; a study that is one sweep owes that.</summary>
    public SweepWork(TrainerSettings settings, IReadOnlyList<IActorRef> evaluators, ProbeDispatch dispatch, StudyActivity activity)
    {
        _settings = settings;
        _dispatch = dispatch;
        _handOver = new HandOver(settings.Probes, evaluators);
        _activity = activity;
        IsDue = settings.SweepOnly;
    }

    /// <summary>Whether a sweep at the present weights is owed: none was taken, or it was cut short. One that was is taken again, whole, by a study that goes on.</summary>
    public bool IsDue { get; set; }

    /// <summary>Ends a sweep that is under way after its next request.</summary>
    public void Interrupt() => _interrupted = true;

    /// <summary>Takes an evaluator's answer.</summary>
    public void Accept(TrainerProtocol.PreActivations answer) => _handOver.Accept(answer);

    /// <summary>Takes a sweep.</summary>
    /// <param name="model">The model.</param>
    /// <param name="step">The number of steps done.</param>
    public IEnumerator<Pause> Take(SampleStepper model, long step)
    {
        using var kernel = _settings.SweepKernel
            ? NeuralTangentKernel.Begin(model.Stepper.Model, _settings.Loss, _settings.Probes.Features(), _settings.Probes.Labels())
            : null;
        while (!_interrupted && kernel?.Advance() == true)
        {
            _activity.Progressed();
            yield return Pause.ForOtherMessages;
        }

        var chunks = _settings.Probes.Samples.Chunk(Math.Min(_settings.Engine.MaxStepsPerCall, _settings.SweepBlock)).ToArray();
        var first = 0;
        foreach (var (index, chunk) in chunks.Index())
        {
            if (_settings.Engine.CanClose)
                _handOver.Ask(-1 - index, [.. Enumerable.Range(first, chunk.Length)]);
            while (_dispatch.InFlight >= _settings.Credits || !_handOver.IsComplete)
                yield return Pause.UntilAcknowledged;
            var stepped = _settings.Engine.CanClose
                ? model.StepVirtually(chunk, _handOver.PreActivations, step)
                : model.Step(chunk, apply: false, step);
            var records = chunk.Zip(stepped.Results).Select(s => model.Record(step, 0, s.First, s.Second)).ToArray();
            var last = _interrupted || index == chunks.Length - 1;
            var kernelRows = kernel is { IsComplete: true } ? kernel.Rows(first, chunk.Length) : null;
            _dispatch.Send(StepKind.Sweep, model.Stepper.LearningRate, stepped.Updates, records, last, kernelRows);
            first += chunk.Length;
            if (!last)
                continue;
            IsDue = index < chunks.Length - 1 || kernel is { IsComplete: false };
            yield break;
        }
    }
}
