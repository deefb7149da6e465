using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models.Layers;

/// <summary>The <see cref="WeightStep"/>s of a layer over the B steps of a block.</summary>
/// <param name="First">B x the length of the first half.</param>
/// <param name="Second">B x the length of the second half.</param>
/// <param name="Order">Which steps see which.</param>
internal sealed record LayerSteps(Tensor First, Tensor Second, StepOrder Order)
{
    /// <summary>One step.</summary>
    public static LayerSteps Of(WeightStep step, StepOrder order) => new(step.First.reshape(1, -1), step.Second.reshape(1, -1), order);
}
