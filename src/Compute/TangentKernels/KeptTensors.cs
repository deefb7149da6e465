using static TorchSharp.torch;

namespace ElasticityStream.Compute.TangentKernels;

/// <summary>
/// Tensors that live from piece to piece. A dispose scope cannot hold them: scopes are a stack of the thread, which does other work
/// in between.
/// </summary>
internal sealed class KeptTensors : IDisposable
{
    // By identity: the equality of tensors compares their values.
    private readonly HashSet<Tensor> _tensors = new(ReferenceEqualityComparer.Instance);

    /// <summary>Computes a tensor, of which alone something stays.</summary>
    public Tensor Keep(Func<Tensor> compute)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var tensor = compute().DetachFromDisposeScope();
        _tensors.Add(tensor);
        return tensor;
    }

    /// <summary>Frees one of them.</summary>
    public void Free(Tensor tensor)
    {
        _tensors.Remove(tensor);
        tensor.Dispose();
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors)
            tensor.Dispose();
        _tensors.Clear();
    }
}
