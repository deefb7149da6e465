using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing.Vectorised;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// Takes out of an object what it carries from step to step, or puts it back in: the object names its state once for both directions, so that they
/// cannot get out of step. Every name is of lower-case letters, digits and hyphens, and is given once.
/// </summary>
internal abstract class StateTransfer
{
    /// <summary>Whether the state is put back in.</summary>
    public abstract bool Restores { get; }

    /// <summary>Says whose state this is; it is put back into none that says otherwise.</summary>
    /// <param name="name">What the owner is.</param>
    /// <param name="sizes">What else must be the same in both, such as the number of probes.</param>
    public abstract void Owner(string name, params long[] sizes);

    /// <summary>Finds out how many rows an array has that is not always of the same length, and that is transferred next.</summary>
    /// <param name="name">The array.</param>
    /// <param name="width">The values of a row, 1 or more.</param>
    /// <param name="rows">How many there are to take out; receives how many there are to put back in.</param>
    public abstract void Rows(string name, int width, ref int rows);

    /// <summary>Transfers values in the precision that they have.</summary>
    /// <typeparam name="T">float, double, int or long.</typeparam>
    public abstract void Values<T>(string name, Span<T> values)
        where T : unmanaged;

    /// <summary>Transfers values outside managed memory.</summary>
    /// <exception cref="NotSupportedException">There are more than a managed array can hold.</exception>
    public void Values<T>(string name, AlignedBuffer<T> values)
        where T : unmanaged => Values(name, values.Slice(0, Length(name, values.Length)));

    /// <summary>Transfers the values of a float32 or float64 tensor on any device, row-major.</summary>
    /// <exception cref="NotSupportedException">There are more than a managed array can hold, or they are of another type.</exception>
    public void Values(string name, Tensor tensor)
    {
        switch (tensor.dtype)
        {
            case ScalarType.Float32:
                Values<float>(name, tensor);
                break;
            case ScalarType.Float64:
                Values<double>(name, tensor);
                break;
            default:
                throw new NotSupportedException($"'{name}' is of {tensor.dtype}; only Float32 and Float64 can be captured.");
        }
    }

    /// <summary>Transfers a yes or no.</summary>
    public void Flag(string name, ref bool flag)
    {
        Span<int> value = [flag ? 1 : 0];
        Values(name, value);
        flag = value[0] != 0;
    }

    private void Values<T>(string name, Tensor tensor)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var length = Length(name, tensor.NumberOfElements);
        if (tensor.device.type == TorchSharp.DeviceType.CPU && tensor.is_contiguous())
        {
            Values(name, View<T>(tensor, length));
            return;
        }

        var staged = Restores ? empty(tensor.shape, tensor.dtype) : tensor.cpu().contiguous();
        Values(name, View<T>(staged, length));
        if (Restores)
            tensor.copy_(staged);
    }

    // The bytes of all values as one span would have to be fewer than 2 GiB; those of the first tell where they lie.
    private static unsafe Span<T> View<T>(Tensor tensor, int length)
        where T : unmanaged
    {
        if (length == 0)
            return [];
        var first = tensor.view(-1).narrow(0, 0, 1);
        return new Span<T>(Unsafe.AsPointer(ref MemoryMarshal.GetReference(Staging.View<T>(first))), length);
    }

    private static int Length(string name, long length) => length <= Array.MaxLength
        ? (int)length
        : throw new NotSupportedException($"'{name}' has {length} values; an array of a state holds {Array.MaxLength} at most.");
}
