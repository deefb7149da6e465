using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ElasticityStream.Compute.Models;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>
/// The first layer's weights while every trained sample is a probe: what the steps at each probe have added, as one vector of h values a probe,
/// from which the weights are W - C^T X (C n x h, X n x d). A step then costs h additions here instead of 2 d h multiplications.
/// </summary>
/// <typeparam name="T">The precision of the first layer.</typeparam>
internal sealed unsafe class ClosedFirstLayer<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _features;
    private readonly int _inputs;
    private readonly Tensor _samples;
    private readonly Tensor _coefficients;
    private readonly T* _rows;
    private Tensor? _weights;

    public ClosedFirstLayer(ReadOnlySpan<double> features, int inputs, int hidden, ScalarType precision)
    {
        _features = features.ToArray();
        _inputs = inputs;
        _samples = Staging.ToTensor(features, features.Length / inputs, precision, CPU).DetachFromDisposeScope();
        _coefficients = zeros([features.Length / inputs, hidden], dtype: precision).DetachFromDisposeScope();
        // A view of all of them would have to be smaller than 2 GiB.
        using var first = _coefficients.narrow(0, 0, 1);
        _rows = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Staging.View<T>(first)));
    }

    /// <summary>The features of some probes, row-major.</summary>
    public double[] Features(ReadOnlySpan<int> probes)
    {
        var features = new double[probes.Length * _inputs];
        for (var b = 0; b < probes.Length; b++)
            _features.AsSpan(probes[b] * _inputs, _inputs).CopyTo(features.AsSpan(b * _inputs));
        return features;
    }

    /// <summary>Adds a step's u.</summary>
    public void Add(int probe, ReadOnlySpan<T> deltas)
    {
        Forget();
        var row = new Span<T>(_rows + ((long)probe * deltas.Length), deltas.Length);
        TensorPrimitives.Add(row, deltas, row);
    }

    /// <summary>The weights as they are now. They live until the next step.</summary>
    /// <param name="before">W, which the coefficients are relative to.</param>
    public Tensor Weights(Tensor before)
    {
        using var scope = NewDisposeScope();
        return _weights ??= before.addmm(_coefficients.t(), _samples, beta: 1, alpha: -1).DetachFromDisposeScope();
    }

    /// <summary>Makes the weights those that the coefficients are relative to from now on.</summary>
    public void Rebase(Tensor weights)
    {
        using var scope = NewDisposeScope();
        weights.copy_(Weights(weights));
        Reset();
    }

    /// <summary>Begins anew, where the weights have been replaced by others.</summary>
    public void Reset()
    {
        using var scope = NewDisposeScope();
        _coefficients.zero_();
        Forget();
    }

    /// <summary>Names what the steps have added since the weights were those that it is relative to.</summary>
    public void Transfer(StateTransfer state)
    {
        state.Values("coefficients", _coefficients);
        if (state.Restores)
            Forget();
    }

    public void Dispose()
    {
        Forget();
        _samples.Dispose();
        _coefficients.Dispose();
    }

    private void Forget()
    {
        _weights?.Dispose();
        _weights = null;
    }
}
