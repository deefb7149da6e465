using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// The change of the outputs that each step of a block causes at its own sample: what the shards compute for the probes, for one row a step
/// and in float64, all steps in one product a layer. On any device.
/// </summary>
internal static class SelfChange
{
    /// <summary>Computes f(x_b; w+) - f(x_b; w) for every step.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="weights">W_l of every layer at the weights before the block.</param>
    /// <param name="inputs">B x h_(l-1) of every layer: the layer's input at each sample before its step.</param>
    /// <param name="preActivations">B x h_l of every layer at each sample before its step.</param>
    /// <param name="deltas">B x h_l of every layer: u.</param>
    /// <param name="applied">Whether each step starts from the weights after the one before.</param>
    /// <returns>B x K.</returns>
    public static Tensor Of(
        NetworkSpec spec, IReadOnlyList<Tensor> weights, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> preActivations,
        IReadOnlyList<Tensor> deltas, bool applied)
    {
        var bias = spec.Bias ? 1 : 0;
        var skips = Stage.Skips(spec);
        Tensor? inputChange = null;
        // -(x . x + 1) u: the coefficient that the step itself puts on its u, before it becomes a column.
        var change = deltas[0].mul(Overlap(inputs[0], inputs[0], bias)).neg_();
        for (var l = 1; l < weights.Count; l++)
        {
            var difference = ActivationFunctions.Difference(spec.Activation, preActivations[l - 1], change);
            if (skips[l - 1])
                difference.plus_(inputChange!);
            var overlap = Overlap(inputs[l].plus(difference), inputs[l], bias);
            change = difference.mm(weights[l].t()).sub_(deltas[l].mul(overlap));
            if (applied)
                change.sub_(difference.mm(inputs[l].t()).tril_(-1).mm(deltas[l]));
            inputChange = difference;
        }

        return change;
    }

    // a . b + 1 row by row, B x 1.
    private static Tensor Overlap(Tensor a, Tensor b, double bias) => a.mul(b).sum(dim: -1, keepdim: true).plus_(bias);
}
