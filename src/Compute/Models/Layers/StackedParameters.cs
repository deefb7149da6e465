using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models.Layers;

/// <summary>The parameters of one layer at V versions of a network's weights, stacked along a first dimension.</summary>
/// <param name="Weights">V x the shape of W.</param>
/// <param name="Biases">V x the number of units or feature maps; null without biases.</param>
internal sealed record StackedParameters(Tensor Weights, Tensor? Biases)
{
    /// <summary>V.</summary>
    public int Versions => checked((int)Weights.shape[0]);

    /// <summary>
    /// Those of all layers, in float64, by one copy to the device a parameter. Every version has passed <see cref="Require"/>.
    /// </summary>
    public static IReadOnlyList<StackedParameters> Of(IReadOnlyList<NetworkWeights> versions, IReadOnlyList<Stage> stages, Device device)
    {
        var stacked = new StackedParameters[stages.Count];
        var parameter = 0;
        for (var l = 0; l < stages.Count; l++)
        {
            var weights = Stack(parameter++).reshape([versions.Count, .. stages[l].Layer.WeightShape]);
            stacked[l] = new StackedParameters(weights, stages[l].Layer.HasBias ? Stack(parameter++) : null);
        }

        return stacked;

        Tensor Stack(int index) => Staging.Stack([.. versions.Select(v => v.Parameters[index].Values)], device);
    }

    /// <summary>The parameters of a network, in their order.</summary>
    public static IReadOnlyList<(string Name, long[] Shape)> Shapes(IReadOnlyList<Stage> stages)
    {
        var shapes = new List<(string Name, long[] Shape)>();
        foreach (var (l, stage) in stages.Index())
        {
            var shape = stage.Layer.WeightShape;
            shapes.Add(($"{LayeredNetwork.ParameterName(l)}.weight", shape));
            if (stage.Layer.HasBias)
                shapes.Add(($"{LayeredNetwork.ParameterName(l)}.bias", [shape[0]]));
        }

        return shapes;
    }

    /// <summary>Requires that weights are those of a network: the same parameters in the same order.</summary>
    /// <exception cref="ArgumentException">They have other names or shapes.</exception>
    public static void Require(NetworkWeights weights, IReadOnlyList<Stage> stages)
    {
        var expected = Shapes(stages);
        var fits = weights.Parameters.Count == expected.Count && weights.Parameters.Zip(expected).All(p =>
            p.First.Name == p.Second.Name && p.First.Shape.AsSpan().SequenceEqual(p.Second.Shape)
            && p.First.Values.LongLength == p.Second.Shape.Aggregate(1L, (product, length) => product * length));
        if (!fits)
        {
            throw new ArgumentException(
                $"These are the weights {Describe(weights.Parameters.Select(p => (p.Name, p.Shape)))}, the network has {Describe(expected)}.", nameof(weights));
        }
    }

    private static string Describe(IEnumerable<(string Name, long[] Shape)> parameters) =>
        string.Join(", ", parameters.Select(p => $"'{p.Name}' [{string.Join(", ", p.Shape)}]"));
}
