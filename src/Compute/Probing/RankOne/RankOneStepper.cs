using System.Numerics;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>
/// Steps a network with one hidden layer, a block at a time (docs/rank-one.md): one product gives the pre-activations of all B samples at the
/// weights before the block; each step corrects its own by the rank-one terms of the steps before it, through the B x B products of the
/// samples; one product of rank B updates the first layer's weights at the end. Loss, gradient and output weights are float64.
/// </summary>
/// <typeparam name="T">The precision of the first layer: float or double.</typeparam>
internal sealed class RankOneStepper<T> : ModuleStepper, IClosedStepper
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Corrections within so many steps are made one by one, those of the steps before in one product, which reads the rows from the cache.
    private const int StepsAtOnce = 8;

    // What is computed of a step runs over so many hidden units at a time, so that what it computes on the way stays in the cache.
    private const int UnitsAtOnce = 1024;

    private readonly FullyConnectedNetwork _network;
    private readonly Activation _activation;
    private readonly int _hidden;
    private readonly Tensor _firstWeights;
    private readonly T[]? _firstBias;
    private readonly OutputWeights _outputWeights;
    private readonly double[] _activations = new double[UnitsAtOnce];
    private readonly double[] _vector = new double[UnitsAtOnce];
    private readonly T[] _differences = new T[UnitsAtOnce];
    private readonly RankOneBlock<T> _applied;
    private readonly RankOneBlock<T> _virtual;
    private RankOneBlock<T> _block;
    private ClosedFirstLayer<T>? _closed;
    private bool _isModelCurrent = true;

    public RankOneStepper(FullyConnectedNetwork network, LossFunction loss)
        : base(network, network.Spec.Outputs, loss, CPU)
    {
        _network = network;
        _activation = network.Spec.Activation;
        _hidden = network.Spec.Hidden[0];
        _firstWeights = zeros(
            [_hidden, network.Spec.Inputs], dtype: typeof(T) == typeof(double) ? ScalarType.Float64 : ScalarType.Float32).DetachFromDisposeScope();
        _firstBias = network.Spec.Bias ? new T[_hidden] : null;
        _outputWeights = new OutputWeights(network.Spec);
        _applied = new RankOneBlock<T>(network.Spec.Inputs, _hidden, Outputs);
        _virtual = new RankOneBlock<T>(network.Spec.Inputs, _hidden, Outputs);
        _block = _applied;
        TakeModel();
    }

    public override SteppedBlock Step(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, bool apply)
    {
        using var noGrad = no_grad();
        if (!apply)
        {
            BeginVirtual(features);
            return Run(labels, apply: false, null, (_, _) => { });
        }

        if (_closed is not null)
            throw new InvalidOperationException("This stepper was closed: it trains on probes, whose pre-activations are handed over to it.");
        _block = _applied;
        _block.Begin(features, _firstWeights, _firstBias);
        return Run(labels, apply: true, null, (block, steps) => block.Follow(steps, _firstBias));
    }

    public void Close(ReadOnlySpan<double> features)
    {
        using var noGrad = no_grad();
        _applied.Settle(_firstWeights);
        _applied.BeginAnew();
        _closed?.Rebase(_firstWeights);
        _closed?.Dispose();
        _closed = new ClosedFirstLayer<T>(features, _network.Spec.Inputs, _hidden, _firstWeights.dtype);
    }

    public SteppedBlock Step(ReadOnlySpan<int> probes, ReadOnlySpan<double> labels, ReadOnlySpan<float> preActivations, bool areBehind)
    {
        var closed = _closed ?? throw new InvalidOperationException("Close comes before steps at probes.");
        using var noGrad = no_grad();
        _block = _applied;
        _block.BeginClosed(closed.Features(probes), preActivations, areBehind, _firstBias is not null);
        var trained = probes.ToArray();
        return Run(labels, apply: true, trained, (block, steps) =>
        {
            block.FollowClosed(steps, _firstBias);
            for (var b = 0; b < steps; b++)
                closed.Add(trained[b], block.Deltas(b));
        });
    }

    public SteppedBlock StepVirtually(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, ReadOnlySpan<float> preActivations)
    {
        using var noGrad = no_grad();
        _block = _virtual;
        _block.BeginClosed(features, preActivations, areBehind: false, _firstBias is not null);
        return Run(labels, apply: false, null, (_, _) => { });
    }

    public override NetworkWeights Rebase()
    {
        using var noGrad = no_grad();
        _closed?.Rebase(_firstWeights);
        return base.Rebase();
    }

    public override double KernelDiagonal(ReadOnlySpan<double> features, double label)
    {
        using var noGrad = no_grad();
        BeginVirtual(features);
        var direction = Direction(Predict(0, correct: false, out var activationSquare), label);
        // The gradient by a layer's weights is an outer product: the norms multiply.
        var square = 0.0;
        for (var unit = 0; unit < _hidden; unit += UnitsAtOnce)
        {
            var units = Units(unit);
            Backward(0, units, direction);
            var derivatives = _vector.AsSpan(0, units.Length);
            TensorPrimitives.ConvertTruncating<T, double>(_block.Deltas(0)[units.Range], derivatives);
            square += TensorPrimitives.SumOfSquares<double>(derivatives);
        }

        var bias = _firstBias is null ? 0 : 1;
        return (square * _block.Overlap(0, 0)) + (TensorPrimitives.SumOfSquares<double>(direction) * (activationSquare + bias));
    }

    protected override void Transfer(StateTransfer state)
    {
        TransferOwner(state, "rank-one-stepper");
        // A module that is current may hold what was rounded off where it was taken; one that is not is made from the rest.
        state.Flag("is-model-current", ref _isModelCurrent);
        if (_isModelCurrent)
            TransferModel(state);
        state.Values("first-weights", _firstWeights);
        if (_firstBias is not null)
            state.Values("first-biases", _firstBias.AsSpan());
        _outputWeights.Transfer(state);
        _applied.Transfer(state, _closed is not null);
        _closed?.Transfer(state);
    }

    protected override void UpdateModel()
    {
        if (_isModelCurrent)
            return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _applied.Settle(_firstWeights);
        var layers = _network.Layers;
        layers[0].weight!.copy_(_closed?.Weights(_firstWeights) ?? _firstWeights);
        _outputWeights.CopyTo(layers[1]);
        if (_firstBias is not null)
            TensorPrimitives.ConvertTruncating(_firstBias, Staging.View<double>(layers[0].bias!));
        _isModelCurrent = true;
    }

    protected override void TakeModel()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var layers = _network.Layers;
        _firstWeights.copy_(layers[0].weight!);
        _closed?.Reset();
        _outputWeights.Take(layers[1]);
        if (_firstBias is not null)
            TensorPrimitives.ConvertTruncating<double, T>(Staging.View<double>(layers[0].bias!), _firstBias);
    }

    protected override void Dispose(bool disposing)
    {
        _firstWeights.Dispose();
        _applied.Dispose();
        _virtual.Dispose();
        _closed?.Dispose();
        base.Dispose(disposing);
    }

    // Virtual steps have a block of their own: the one before an applied block must stay as it is.
    private void BeginVirtual(ReadOnlySpan<double> features)
    {
        _applied.Settle(_firstWeights);
        _block = _virtual;
        _block.Begin(features, _closed?.Weights(_firstWeights) ?? _firstWeights, _firstBias);
    }

    private SteppedBlock Run(ReadOnlySpan<double> labels, bool apply, int[]? probes, Action<RankOneBlock<T>, int> follow)
    {
        _isModelCurrent &= !apply;
        var results = new StepResult[labels.Length];
        var done = 0;
        try
        {
            for (; done < labels.Length; done++)
                results[done] = StepOne(done, labels[done], apply);
        }
        finally
        {
            follow(_block, done);
        }

        return new SteppedBlock(results, _block.ToUpdates(apply, probes));
    }

    private StepResult StepOne(int b, double label, bool apply)
    {
        var outputs = Predict(b, correct: apply, out var activationSquare);
        var gradient = new double[Outputs];
        var loss = LossFunction.Evaluate(outputs, label, gradient);
        if (!double.IsFinite(loss.Loss))
            throw new NonFiniteLossException(b, loss.Loss);
        if (Outputs > 1)
            Normalise(gradient, _block.Direction(b));

        var gammas = Array.ConvertAll(gradient, g => LearningRate * g);
        _block.SetGammas(b, gammas);
        var change = Descend(b, gammas, activationSquare, apply);
        return new StepResult(loss.Loss, loss.Prediction, loss.Gradient, loss.Correct, Measure(outputs[0], change));
    }

    // The K outputs.
    private double[] Predict(int b, bool correct, out double activationSquare)
    {
        if (correct)
            _block.CorrectAll(b, StepsAtOnce);
        activationSquare = 0;
        var outputs = _outputWeights.Begin();
        for (var unit = 0; unit < _hidden; unit += UnitsAtOnce)
        {
            var units = Units(unit);
            if (correct)
                _block.Correct(b, StepsAtOnce, units.Range);
            HiddenUnits<T>.Value(_activation, _block.PreActivations(b)[units.Range], _block.Activations(b)[units.Range]);
            var activations = Activations(b, units);
            activationSquare += TensorPrimitives.SumOfSquares<double>(activations);
            _outputWeights.AddTo(activations, unit, outputs);
        }

        return outputs;
    }

    // u of the step, the new weights to the outputs, and the change of the outputs at the trained sample: what the shards compute for the probes.
    private double[] Descend(int b, double[] gammas, double activationSquare, bool apply)
    {
        var overlap = T.CreateTruncating(-_block.Overlap(b, b));
        var change = new double[Outputs];
        var along = 0.0;
        for (var unit = 0; unit < _hidden; unit += UnitsAtOnce)
        {
            var units = Units(unit);
            Backward(b, units, gammas);
            var differences = _differences.AsSpan(0, units.Length);
            TensorPrimitives.Multiply(_block.Deltas(b)[units.Range], overlap, differences);
            HiddenUnits<T>.Difference(_activation, _block.PreActivations(b)[units.Range], differences);
            var exact = _vector.AsSpan(0, units.Length);
            TensorPrimitives.ConvertTruncating<T, double>(differences, exact);
            var activations = Activations(b, units);
            along += TensorPrimitives.Dot<double>(exact, activations);
            _outputWeights.AddTo(exact, unit, change);
            if (apply)
                _outputWeights.Descend(gammas, activations, unit);
        }

        for (var k = 0; k < Outputs; k++)
            change[k] -= gammas[k] * (along + activationSquare + (_firstBias is null ? 0 : 1));
        if (apply)
            _outputWeights.DescendBiases(gammas);
        return change;
    }

    // u = phi'(z) sum_k gamma_k w_k.
    private void Backward(int b, UnitRange units, double[] gammas)
    {
        var sum = _vector.AsSpan(0, units.Length);
        _outputWeights.Combine(gammas, units.Start, sum);
        HiddenUnits<T>.Backward(_activation, _block.PreActivations(b)[units.Range], sum, _block.Deltas(b)[units.Range]);
    }

    private Span<double> Activations(int b, UnitRange units)
    {
        var activations = _activations.AsSpan(0, units.Length);
        TensorPrimitives.ConvertTruncating<T, double>(_block.Activations(b)[units.Range], activations);
        return activations;
    }

    private UnitRange Units(int start) => new(start, Math.Min(UnitsAtOnce, _hidden - start));

    private readonly record struct UnitRange(int Start, int Length)
    {
        public Range Range => Start..(Start + Length);
    }
}
