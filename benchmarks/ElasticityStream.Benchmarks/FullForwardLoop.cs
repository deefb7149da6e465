using ElasticityStream.Compute.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ElasticityStream.Benchmarks;

/// <summary>
/// What the engines are measured against: one SGD step and one forward pass of all probes per sample, in TorchSharp and float32, as
/// well as it can be written. Everything stays on the device, the gradients of the ReLU network are by hand and without autograd, the
/// probes are one batch, their activations go into memory that is there already, and the predictions after one step are those before
/// the next.
/// </summary>
internal sealed class FullForwardLoop : IDisposable
{
    private readonly RandomStudy _study;
    private readonly float _rate;
    private readonly DisposeScope _scope;
    private readonly Tensor _probes;
    private readonly Tensor[] _weights;
    private readonly Tensor[] _biases;
    private readonly Tensor[] _activations;
    private readonly float[] _perturbation;
    private Tensor _present;

    public FullForwardLoop(FullyConnectedNetwork network, RandomStudy study, int probes, double rate)
    {
        _scope = NewDisposeScope();
        using var noGrad = no_grad();
        _study = study;
        _rate = (float)rate;
        _probes = tensor(study.Probes, probes, study.Probes.Length / probes, dtype: ScalarType.Float32);
        _weights = [.. network.Layers.Select(l => l.weight!.detach().to_type(ScalarType.Float32))];
        _biases = [.. network.Layers.Select(l => l.bias!.detach().to_type(ScalarType.Float32))];
        _activations = [.. _weights.Select(w => empty([probes, w.shape[0]], dtype: ScalarType.Float32))];
        _perturbation = new float[probes];
        _present = Predict().clone();
    }

    /// <summary>Takes steps, each with its row of perturbations in managed memory.</summary>
    public void Run(int steps)
    {
        using var noGrad = no_grad();
        for (var t = 0; t < steps; t++)
        {
            using var step = NewDisposeScope();
            var (features, labels) = _study.Next(1);
            Step(tensor(features.Span.ToArray(), 1, features.Length, dtype: ScalarType.Float32), labels.Span[0]);
            var after = Predict();
            after.sub(_present).data<float>().CopyTo(_perturbation);
            _present.copy_(after);
        }
    }

    public void Dispose() => _scope.Dispose();

    private void Step(Tensor x, double label)
    {
        var inputs = new List<Tensor> { x };
        foreach (var (weight, bias) in _weights.SkipLast(1).Zip(_biases))
            inputs.Add(addmm(bias, inputs[^1], weight.t(), beta: 1, alpha: 1).relu_());
        var output = addmm(_biases[^1], inputs[^1], _weights[^1].t(), beta: 1, alpha: 1);
        var delta = full([1, 1], (float)(2 * (output.item<float>() - label)), dtype: ScalarType.Float32);
        for (var l = _weights.Length - 1; l >= 0; l--)
        {
            var below = l > 0 ? delta.mm(_weights[l]).mul_(inputs[l].gt(0)) : null;
            _weights[l].addmm_(delta.t(), inputs[l], beta: 1, alpha: -_rate);
            _biases[l].sub_(delta.squeeze(0).mul(_rate));
            delta = below!;
        }
    }

    private Tensor Predict()
    {
        var a = _probes;
        for (var l = 0; l < _weights.Length; l++)
        {
            var z = _activations[l];
            z.copy_(_biases[l].expand_as(z));
            z.addmm_(a, _weights[l].t(), beta: 1, alpha: 1);
            a = l < _weights.Length - 1 ? z.relu_() : z;
        }

        return a;
    }
}
