using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using static TorchSharp.torch;

namespace ElasticityStream.Benchmarks;

/// <summary>
/// <see cref="FullForwardLoop"/> for networks with convolutions and skip connections: float32, one batch, the predictions after one step are those
/// before the next; the gradient at the one sample is autograd's.
/// </summary>
internal sealed class ModuleForwardLoop : IDisposable
{
    private readonly RandomStudy _study;
    private readonly float _rate;
    private readonly LayeredNetwork _network;
    private readonly Tensor[] _weights;
    private readonly Tensor[] _biases;
    private readonly Tensor _probes;
    private readonly float[] _perturbation;
    private Tensor _present;

    public ModuleForwardLoop(NetworkSpec spec, RandomStudy study, int probes, double rate)
    {
        _study = study;
        _rate = (float)rate;
        _network = new LayeredNetwork(spec, CPU, seed: 1);
        _weights = [.. _network.Weights.Select(ToSingle)];
        _biases = [.. _network.Biases.Select(b => ToSingle(b!))];
        _probes = tensor(study.Probes, probes, study.Probes.Length / probes, dtype: ScalarType.Float32);
        _perturbation = new float[probes];
        _present = Predict();
    }

    /// <summary>Takes steps, each with its row of perturbations in managed memory.</summary>
    public void Run(int steps)
    {
        for (var t = 0; t < steps; t++)
        {
            using var step = NewDisposeScope();
            var (features, labels) = _study.Next(1);
            Step(tensor(features.Span.ToArray(), 1, features.Length, dtype: ScalarType.Float32), labels.Span[0]);
            var after = Predict();
            after.sub(_present).data<float>().CopyTo(_perturbation);
            _present.Dispose();
            _present = after;
        }
    }

    public void Dispose()
    {
        _present.Dispose();
        _probes.Dispose();
        Array.ForEach(_weights, w => w.Dispose());
        Array.ForEach(_biases, b => b.Dispose());
        _network.Dispose();
    }

    private static Tensor ToSingle(Tensor parameter) => parameter.detach().to_type(ScalarType.Float32).requires_grad_();

    private void Step(Tensor x, double label)
    {
        var loss = Forward(x).sub((float)label).square().sum();
        Tensor[] parameters = [.. _weights, .. _biases];
        var gradients = autograd.grad([loss], parameters);
        using var noGrad = no_grad();
        foreach (var (parameter, gradient) in parameters.Zip(gradients))
            parameter.sub_(gradient.mul(_rate));
    }

    private Tensor Predict()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Forward(_probes).DetachFromDisposeScope();
    }

    private Tensor Forward(Tensor a)
    {
        for (var l = 0; ; l++)
        {
            var (layer, after) = _network.Stages[l];
            var z = layer is FullyConnectedLayer ? nn.functional.linear(a.flatten(1), _weights[l], _biases[l]) : layer.Forward(a, _weights[l], _biases[l]);
            if (after is null)
                return z;
            a = after.Value(z, a);
        }
    }
}
