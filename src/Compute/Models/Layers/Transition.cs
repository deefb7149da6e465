using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models.Layers;

/// <summary>What happens between the pre-activations of one layer and the inputs of the next; nothing of it has weights.</summary>
/// <param name="Activation">phi.</param>
/// <param name="Pools">Whether 2 x 2 max pooling follows.</param>
/// <param name="Skips">Whether the layer's own input is added, by a connection that skips it.</param>
internal sealed record Transition(Activation Activation, bool Pools = false, bool Skips = false)
{
    /// <summary>The next layer's inputs.</summary>
    /// <param name="z">The layer's pre-activations.</param>
    /// <param name="input">The layer's own inputs.</param>
    public Tensor Value(Tensor z, Tensor input)
    {
        var value = ActivationFunctions.Value(Activation, z);
        if (Pools)
            value = MaxPooling.Value(value);
        return Skips ? value.plus(input) : value;
    }

    /// <summary>The next layer's inputs before a step, and their change by it, computed as a difference.</summary>
    /// <param name="z">The layer's pre-activations before the step.</param>
    /// <param name="change">Their change.</param>
    /// <param name="input">The layer's own inputs before the step.</param>
    /// <param name="inputChange">Their change; null for the first layer, which nothing skips.</param>
    /// <returns>Either may be an argument itself: neither may be changed in place.</returns>
    public (Tensor Value, Tensor Change) Move(Tensor z, Tensor change, Tensor input, Tensor? inputChange)
    {
        var value = ActivationFunctions.Value(Activation, z);
        var difference = ActivationFunctions.Difference(Activation, z, change);
        if (Pools)
            (value, difference) = MaxPooling.Move(value, difference);
        return Skips ? (value.plus(input), difference.plus(inputChange!)) : (value, difference);
    }
}
