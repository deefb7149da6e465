using ElasticityStream.Compute.Models;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>Multiplies where the weights are, on any device; only the vectors travel.</summary>
/// <param name="weight">A float64 tensor.</param>
/// <param name="device">Its device.</param>
internal sealed class TorchLayerWeights(Tensor weight, Device device) : LayerWeights
{
    public override void Multiply(ReadOnlySpan<double> input, Span<double> result)
    {
        using var scope = NewDisposeScope();
        Staging.CopyTo(weight.mv(Staging.ToTensor(input, 1, ScalarType.Float64, device)[0]), result);
    }

    public override void MultiplyTransposed(ReadOnlySpan<double> delta, Span<double> result)
    {
        using var scope = NewDisposeScope();
        Staging.CopyTo(weight.t().mv(Staging.ToTensor(delta, 1, ScalarType.Float64, device)[0]), result);
    }
}
