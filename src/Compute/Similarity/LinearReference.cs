using ElasticityStream.Compute.Clustering;

namespace ElasticityStream.Compute.Similarity;

/// <summary>
/// The similarities of the exactly linear model on the same probes, K(x, x') = x.x' + 1 (x.x' without biases): what an elasticity
/// index must be compared with, because its scale depends on the data.
/// </summary>
public static class LinearReference
{
    /// <summary>The contrast of the classes under the linear model by both measures: S_ker = K_ij, S_rel = |K_ij| / K_ii.</summary>
    /// <param name="features">n x d, row-major.</param>
    /// <param name="classes">The n classes.</param>
    /// <param name="bias">Whether the network has biases.</param>
    public static IReadOnlyDictionary<SimilarityMeasure, ClassContrast> Contrasts(
        ReadOnlySpan<double> features, ReadOnlySpan<int> classes, bool bias)
    {
        var d = features.Length / classes.Length;
        var kernelized = new ClassContrastAccumulator(classes);
        var relative = new ClassContrastAccumulator(classes);
        var kernel = new double[classes.Length];
        var row = new double[classes.Length];
        // Row by row: the whole kernel would take as much memory as S itself.
        for (var i = 0; i < classes.Length; i++)
        {
            var x = features.Slice(i * d, d);
            for (var j = 0; j < kernel.Length; j++)
                kernel[j] = VectorArithmetic.Dot(x, features.Slice(j * d, d)) + (bias ? 1 : 0);
            kernelized.Update(i, kernel);
            if (SimilarityRow.TryRelative(kernel, kernel[i], row))
                relative.Update(i, row);
        }

        return new Dictionary<SimilarityMeasure, ClassContrast>
        {
            [SimilarityMeasure.Kernelized] = kernelized.Contrast(),
            [SimilarityMeasure.Relative] = relative.Contrast(),
        };
    }
}
