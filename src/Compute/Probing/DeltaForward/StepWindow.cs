using ElasticityStream.Compute.Models;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>Consecutive steps of an update block as tensors on the shard's device, with the masks that order them.</summary>
internal sealed class StepWindow
{
    private readonly Tensor _earlier;
    private readonly Tensor _itself;
    private readonly Tensor _before;

    /// <summary>Stages some steps of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="start">The first step.</param>
    /// <param name="steps">How many, B.</param>
    /// <param name="device">Where to.</param>
    public StepWindow(LowRankUpdateBlock block, int start, int steps, Device device)
    {
        Steps = steps;
        Applied = block.Applied;
        Columns = ProbeChunks.Filled(steps);
        Deltas = [.. block.Layers.Select(l => Stage(l.Deltas, ProbeChunks.Filled(l.Deltas.Length / block.Steps)))];
        Inputs = [.. block.Layers.Select(l => Stage(l.Inputs, l.Inputs.Length / block.Steps))];
        var triangle = ones([steps + 1, Columns], dtype: ScalarType.Float32, device: device).tril_(-1);
        _before = triangle.narrow(1, 0, steps);
        _earlier = triangle.narrow(0, 0, steps).unsqueeze(1);
        _itself = eye(steps, Columns, dtype: ScalarType.Float32, device: device).unsqueeze(1);

        Tensor Stage(float[] rows, int filled)
        {
            var width = rows.Length / block.Steps;
            var padded = new float[Columns * filled];
            for (var b = 0; b < steps; b++)
                rows.AsSpan((start + b) * width, width).CopyTo(padded.AsSpan(b * filled));
            return Staging.ToTensor(padded, Columns, device);
        }
    }

    /// <summary>B.</summary>
    public int Steps { get; }

    /// <summary>Whether each step starts from the weights after the one before.</summary>
    public bool Applied { get; }

    /// <summary>C: B, filled up with steps that change nothing where products would be too narrow.</summary>
    public int Columns { get; }

    /// <summary>u of every layer, C x h_l, a narrow h_l filled up too.</summary>
    public IReadOnlyList<Tensor> Deltas { get; }

    /// <summary>a of every layer, C x h_(l-1).</summary>
    public IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>A value before each of the B steps and after the last: the start plus all changes of earlier steps.</summary>
    /// <param name="start">p x w.</param>
    /// <param name="changes">B x p x w, contiguous.</param>
    /// <returns>(B + 1) x p x w.</returns>
    public Tensor Accumulate(Tensor start, Tensor changes)
    {
        // torch's cumsum along the first dimension is four times slower than this product with a triangle of ones.
        var (p, w) = (changes.shape[1], changes.shape[2]);
        return addmm(start.reshape(p * w), _before, changes.view(Steps, p * w), beta: 1, alpha: 1).view(Steps + 1, p, w);
    }

    /// <summary>
    /// What the rank-one updates put on u_c in row (b, j): the products with the inputs of the earlier steps c &lt; b, the step's own
    /// for c = b, nothing for later ones.
    /// </summary>
    /// <param name="products">
    /// B x p x C: row (b, j) with the inputs of all steps; overwritten. Null where there are no earlier steps.
    /// </param>
    /// <param name="own">B x p.</param>
    /// <returns>B x p x C.</returns>
    public Tensor Coefficients(Tensor? products, Tensor own)
    {
        var diagonal = own.unsqueeze(2).mul(_itself);
        return products is null ? diagonal : products.mul_(_earlier).plus_(diagonal);
    }
}
