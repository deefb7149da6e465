using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>The weights and biases of a layer as float64 tensors.</summary>
internal sealed record LayerParameters(Tensor Weight, Tensor? Bias)
{
    /// <summary>Those of all layers.</summary>
    public static IReadOnlyList<LayerParameters> Of(NetworkWeights weights, IReadOnlyList<Stage> stages, Device device)
    {
        return [.. stages.Select((stage, l) =>
        {
            var name = LayeredNetwork.ParameterName(l);
            return new LayerParameters(ToTensor(weights[$"{name}.weight"]), stage.Layer.HasBias ? ToTensor(weights[$"{name}.bias"]) : null);
        })];

        Tensor ToTensor(ParameterArray parameter) =>
            Staging.ToTensor(parameter.Values, (int)parameter.Shape[0], ScalarType.Float64, device).reshape(parameter.Shape);
    }
}
