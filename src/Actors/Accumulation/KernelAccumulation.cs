using ElasticityStream.Actors.Recording;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Accumulation;

/// <summary>Gathers the rows of the neural tangent kernel of one sweep, which come with its steps.</summary>
/// <param name="probes">n.</param>
internal sealed class KernelAccumulation(int probes)
{
    private SimilarityMatrix? _rows;

    public void Add(int probe, ReadOnlySpan<double> row) => (_rows ??= new SimilarityMatrix(probes)).Update(probe, row);

    /// <summary>Ends the sweep: the kernel beside the similarity that it is the limit of; null if none was computed.</summary>
    public SweptKernel? Take(long step, MeasuredSimilarity kernelized)
    {
        if (_rows is not { } rows)
            return null;
        _rows = null;
        var values = rows.Submatrix(kernelized.Probes);
        var distance = KernelDistance.Of(kernelized.Values, values, kernelized.Probes.Length);
        return new SweptKernel(values, new KernelDistanceRow(step, kernelized.Probes.Length, distance.Frobenius, distance.LargestRow));
    }
}
