using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>The <see cref="WeightStep"/>s of one layer over the B steps of a block, as they cross the wire.</summary>
/// <param name="First">B times the first half.</param>
/// <param name="Second">B times the second half.</param>
internal sealed record StepArrays(float[] First, float[] Second)
{
    /// <summary>Room for the steps of a layer.</summary>
    public static StepArrays For(Layer layer, int steps) =>
        new(new float[steps * layer.StepLengths.First], new float[steps * layer.StepLengths.Second]);

    /// <summary>Rounds one step into its place.</summary>
    public void Write(int step, int steps, WeightStep taken)
    {
        Staging.CopyTo(taken.First, Slice(First, step, steps));
        Staging.CopyTo(taken.Second, Slice(Second, step, steps));
    }

    /// <summary>Some of the steps on a device.</summary>
    /// <param name="start">The first step.</param>
    /// <param name="steps">B, of the whole block.</param>
    /// <param name="order">Of the steps from the first on.</param>
    /// <param name="device">Where to.</param>
    public LayerSteps ToSteps(int start, int steps, StepOrder order, Device device)
    {
        return new LayerSteps(Stage(First), Stage(Second), order);

        Tensor Stage(float[] rows)
        {
            var width = rows.Length / steps;
            return Staging.ToTensor(rows.AsSpan(start * width, order.Steps * width), order.Steps, device);
        }
    }

    /// <summary>The steps of all layers as a block: of low rank where the network has no convolution.</summary>
    public static UpdateBlock ToBlock(
        IReadOnlyList<Stage> stages, IReadOnlyList<StepArrays> arrays, int steps, bool applied, double[] directions)
    {
        var kernels = new List<KernelUpdate>();
        var layers = new List<LayerUpdate>();
        foreach (var (stage, array) in stages.Zip(arrays))
        {
            if (stage.Layer is ConvolutionLayer)
                kernels.Add(new KernelUpdate(array.First, array.Second));
            else
                layers.Add(new LayerUpdate(array.First, array.Second));
        }

        return kernels.Count > 0
            ? new ConvolutionalUpdateBlock(steps, applied, directions, kernels, layers)
            : new LowRankUpdateBlock(steps, applied, directions, layers);
    }

    /// <summary>The steps of all layers out of a block.</summary>
    /// <exception cref="ArgumentException">The block is that of another network.</exception>
    public static IReadOnlyList<StepArrays> Of(UpdateBlock block, IReadOnlyList<Stage> stages)
    {
        var (kernels, layers) = block switch
        {
            ConvolutionalUpdateBlock convolutional => (convolutional.Kernels, convolutional.Layers),
            LowRankUpdateBlock lowRank => ([], lowRank.Layers),
            _ => ((IReadOnlyList<KernelUpdate>)[], (IReadOnlyList<LayerUpdate>)[]),
        };
        StepArrays[] arrays =
        [
            .. kernels.Select(k => new StepArrays(k.Kernels, k.Biases)),
            .. layers.Select(l => new StepArrays(l.Deltas, l.Inputs)),
        ];
        var fits = kernels.Count == stages.Count(s => s.Layer is ConvolutionLayer) && arrays.Length == stages.Count
            && stages.Zip(arrays).All(pair => pair.Second.Fits(pair.First.Layer, block.Steps));
        return fits
            ? arrays
            : throw new ArgumentException(
                $"This shard follows the updates of a network of {stages.Count} layers as it was created for, not {block}.", nameof(block));
    }

    private bool Fits(Layer layer, int steps) =>
        First.Length == (long)steps * layer.StepLengths.First && Second.Length == (long)steps * layer.StepLengths.Second;

    private static Span<float> Slice(float[] rows, int row, int count) => rows.AsSpan(row * (rows.Length / count), rows.Length / count);
}
