namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// Scales a similarity so that every point is as similar to itself as any other: S_ij / sqrt(S_ii S_jj), the cosine in the feature space
/// of a kernel.
/// </summary>
public static class SimilarityNormalisation
{
    /// <summary>Normalises a similarity.</summary>
    /// <param name="similarity">n x n, row-major, finite.</param>
    /// <param name="points">n.</param>
    /// <returns>n x n, row-major, with a diagonal of exactly 1.</returns>
    /// <exception cref="ArgumentException">The matrix has another shape, or an S_ii is not positive; the message names i.</exception>
    public static double[] Apply(ReadOnlySpan<double> similarity, int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        if (similarity.Length != (long)points * points)
            throw new ArgumentException($"{similarity.Length} values are not a {points} x {points} matrix.", nameof(similarity));
        var roots = new double[points];
        for (var i = 0; i < points; i++)
        {
            var self = similarity[i * points + i];
            if (!(self > 0) || !double.IsFinite(self))
                throw new ArgumentException(
                    $"S_ii is {self} at index {i}; S_ij / sqrt(S_ii S_jj) needs every diagonal entry positive and finite.",
                    nameof(similarity));
            roots[i] = Math.Sqrt(self);
        }

        var normalised = new double[similarity.Length];
        for (var i = 0; i < points; i++)
        {
            for (var j = 0; j < points; j++)
                normalised[i * points + j] = i == j ? 1 : similarity[i * points + j] / (roots[i] * roots[j]);
        }

        return normalised;
    }
}
