using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using TorchSharp;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>An engine that does what another does, and calls back before each call, so that a test can count it or throw.</summary>
internal sealed class ObservedEngine(IProbeEngine inner) : IProbeEngine
{
    private long _countedForEver;

    /// <summary>
    /// How far the steppers and shards created so far have raised TorchSharp's count of live tensors for ever: a tensor that becomes
    /// a parameter hands its memory over and stays counted, once when a network is created and once when it is turned to float64.
    /// </summary>
    public long CountedForEver => Interlocked.Read(ref _countedForEver);

    public Action OnCreateStepper { get; init; } = () => { };

    public Action OnCreateShard { get; init; } = () => { };

    public Action OnLoad { get; init; } = () => { };

    /// <summary>Called with 0, 1, … over the requests to one shard.</summary>
    public Action<int> OnPerturb { get; init; } = _ => { };

    /// <summary>Called with 0, 1, … over the blocks stepped.</summary>
    public Action<int> OnStep { get; init; } = _ => { };

    public Action OnKernelDiagonal { get; init; } = () => { };

    public Action OnTrainMiniBatch { get; init; } = () => { };

    private int Parameters { get; set; }

    public ProbeEngineKind Kind => inner.Kind;

    public string Precision => inner.Precision;

    public int MaxStepsPerCall => inner.MaxStepsPerCall;

    public bool CanClose => inner.CanClose;

    public IStepper CreateStepper(NetworkWeights? weights = null)
    {
        OnCreateStepper();
        var stepper = inner.CreateStepper(weights);
        Parameters = stepper.Model.parameters().Count();
        Interlocked.Add(ref _countedForEver, 2 * Parameters);
        return new Stepper(this, stepper);
    }

    public IProbeShard CreateShard(ReadOnlySpan<double> features, int count)
    {
        OnCreateShard();
        // Such a shard has a module of its own.
        if (Kind == ProbeEngineKind.FullForward && MaxStepsPerCall == 1)
            Interlocked.Add(ref _countedForEver, 2 * Parameters);
        return new Shard(this, inner.CreateShard(features, count));
    }

    private sealed class Stepper(ObservedEngine engine, IStepper inner) : IClosedStepper
    {
        private int _blocks;

        public double LearningRate { get => inner.LearningRate; set => inner.LearningRate = value; }

        public torch.nn.Module<torch.Tensor, torch.Tensor> Model => inner.Model;

        public SteppedBlock Step(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, bool apply)
        {
            engine.OnStep(_blocks++);
            return inner.Step(features, labels, apply);
        }

        public void Close(ReadOnlySpan<double> features) => ((IClosedStepper)inner).Close(features);

        public SteppedBlock Step(ReadOnlySpan<int> probes, ReadOnlySpan<double> labels, ReadOnlySpan<float> preActivations, bool areBehind)
        {
            engine.OnStep(_blocks++);
            return ((IClosedStepper)inner).Step(probes, labels, preActivations, areBehind);
        }

        public SteppedBlock StepVirtually(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, ReadOnlySpan<float> preActivations)
        {
            engine.OnStep(_blocks++);
            return ((IClosedStepper)inner).StepVirtually(features, labels, preActivations);
        }

        public NetworkWeights Rebase() => inner.Rebase();

        public double KernelDiagonal(ReadOnlySpan<double> features, double label)
        {
            engine.OnKernelDiagonal();
            return inner.KernelDiagonal(features, label);
        }

        public double TrainMiniBatch(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, double learningRate)
        {
            engine.OnTrainMiniBatch();
            return inner.TrainMiniBatch(features, labels, learningRate);
        }

        public CarriedState Capture() => inner.Capture();

        public void Restore(CarriedState state) => inner.Restore(state);

        public void Dispose() => inner.Dispose();
    }

    private sealed class Shard(ObservedEngine engine, IProbeShard inner) : IHandOverShard
    {
        private int _requests;

        public void Load(NetworkWeights weights)
        {
            engine.OnLoad();
            inner.Load(weights);
        }

        public void Close(ReadOnlySpan<double> features) => ((IHandOverShard)inner).Close(features);

        public float[] PreActivations(ReadOnlySpan<int> probes) => ((IHandOverShard)inner).PreActivations(probes);

        public PerturbationBlock Perturb(UpdateBlock updates)
        {
            engine.OnPerturb(_requests++);
            return inner.Perturb(updates);
        }

        public CarriedState Capture() => inner.Capture();

        public void Restore(CarriedState state) => inner.Restore(state);

        public void Dispose() => inner.Dispose();
    }
}
