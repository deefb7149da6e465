using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models.Layers;

/// <summary>The largest value of each 2 x 2 window; an odd last row or column is left out.</summary>
internal static class MaxPooling
{
    private const int Window = 2;

    /// <summary>The maxima, B x C x H/2 x W/2.</summary>
    /// <param name="a">B x C x H x W.</param>
    public static Tensor Value(Tensor a) => nn.functional.max_pool2d(a, Window);

    /// <summary>
    /// The maxima, and max(a + da) - max(a) as max((a - max(a)) + da), first of the two rows of each window and then of the two columns.
    /// a - max(a) is 0 for the larger value, exact for one within a factor of 2 of it, and one farther behind overtakes only by a change
    /// of its own size. Elementwise operations on whole rows take a tenth of the time of torch's own pooling, which the trainer needs for
    /// its gradient at a tie.
    /// </summary>
    /// <param name="a">B x C x H x W.</param>
    /// <param name="change">da, the shape of <paramref name="a"/>.</param>
    public static (Tensor Value, Tensor Change) Move(Tensor a, Tensor change)
    {
        var (value, difference) = MovePairs(Pairs(a, 2), Pairs(change, 2), 3);
        return MovePairs(Pairs(value, 3), Pairs(difference, 3), 4);
    }

    private static (Tensor Value, Tensor Change) MovePairs(Tensor a, Tensor change, int pair)
    {
        var (first, second) = (a.select(pair, 0), a.select(pair, 1));
        var largest = maximum(first, second);
        var moved = maximum(
            first.sub(largest).plus_(change.select(pair, 0)), second.sub(largest).plus_(change.select(pair, 1)));
        return (largest, moved);
    }

    // The rows (dimension 2) or columns (3) in pairs, which become a dimension of their own after it.
    private static Tensor Pairs(Tensor a, int dimension)
    {
        var pairs = a.shape[dimension] / Window;
        return a.narrow(dimension, 0, Window * pairs).unflatten(dimension, pairs, Window);
    }
}
