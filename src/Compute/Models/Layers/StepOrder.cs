using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models.Layers;

/// <summary>Which of the B steps of a block see which: each all those before it if they are applied, none if they are virtual.</summary>
internal sealed class StepOrder
{
    private readonly Tensor _earlier;
    private readonly Tensor _itself;

    /// <summary>Orders some steps.</summary>
    /// <param name="steps">B.</param>
    /// <param name="applied">Whether each step starts from the weights after the one before.</param>
    /// <param name="precision">Of the numbers that are to be ordered.</param>
    /// <param name="device">Where they are.</param>
    public StepOrder(int steps, bool applied, ScalarType precision, Device device)
    {
        Steps = steps;
        IsSequential = applied && steps > 1;
        _itself = eye(steps, dtype: precision, device: device);
        _earlier = ones([steps, steps], dtype: precision, device: device).tril_(-1);
    }

    /// <summary>B.</summary>
    public int Steps { get; }

    /// <summary>Whether there are steps that see others.</summary>
    public bool IsSequential { get; }

    /// <summary>A value before each step: the start plus the changes of the steps that it sees.</summary>
    /// <param name="start">p x ...</param>
    /// <param name="changes">p x B x ..., contiguous.</param>
    /// <returns>p x B x ...</returns>
    public Tensor Before(Tensor start, Tensor changes)
    {
        if (!IsSequential)
            return start.unsqueeze(1).expand(changes.shape);
        // torch's cumsum is several times slower than this product.
        var sums = _earlier.matmul(changes.view(changes.shape[0], Steps, -1)).view(changes.shape);
        return sums.plus_(start.unsqueeze(1));
    }

    /// <summary>The sum of the rows of the steps that each step sees, B x w from B x w; null if none sees any.</summary>
    public Tensor? SumOfEarlier(Tensor rows) => IsSequential ? _earlier.mm(rows) : null;

    /// <summary>A matrix for each probe: its own value on the diagonal, products with the steps that a step sees to the left of it, 0 to the right.</summary>
    /// <param name="own">p x B.</param>
    /// <param name="products">p x B x B, overwritten; asked for only if there are steps that see others.</param>
    public Tensor Coefficients(Tensor own, Func<Tensor> products)
    {
        var diagonal = own.unsqueeze(2).mul(_itself);
        return IsSequential ? diagonal.plus_(products().mul_(_earlier)) : diagonal;
    }
}
