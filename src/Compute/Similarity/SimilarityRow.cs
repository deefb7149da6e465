using System.Numerics.Tensors;

namespace ElasticityStream.Compute.Similarity;

/// <summary>
/// Normalises one perturbation to a row of a similarity matrix (He &amp; Su 2020, section 2). A row is degenerate, and not made,
/// where its denominator is 0 or not finite or where any of its entries would not be finite.
/// </summary>
public static class SimilarityRow
{
    /// <summary>S_rel: |change at each probe| / |change at the trained sample|.</summary>
    /// <param name="magnitudes">The norms of the changes at the n probes (a sign is ignored).</param>
    /// <param name="selfChange">The change at the trained sample itself.</param>
    /// <param name="row">Receives n values; meaningless if the row is degenerate.</param>
    /// <returns>False if the row is degenerate.</returns>
    public static bool TryRelative(ReadOnlySpan<double> magnitudes, double selfChange, Span<double> row)
    {
        var denominator = Math.Abs(selfChange);
        if (denominator == 0 || !double.IsFinite(denominator))
            return false;
        TensorPrimitives.Abs(magnitudes, row);
        TensorPrimitives.Divide(row, denominator, row);
        return IsFinite(row[..magnitudes.Length]);
    }

    /// <summary>S_ker: minus the change at each probe / (eta dL/df at the trained sample).</summary>
    /// <param name="changes">The changes at the n probes; with K outputs along the unit loss gradient.</param>
    /// <param name="learningRate">eta.</param>
    /// <param name="gradient">dL/df; with K outputs the norm of dL/d(logits).</param>
    /// <param name="row">Receives n values; meaningless if the row is degenerate.</param>
    /// <returns>False if the row is degenerate.</returns>
    public static bool TryKernelized(ReadOnlySpan<double> changes, double learningRate, double gradient, Span<double> row)
    {
        var denominator = learningRate * gradient;
        if (denominator == 0 || !double.IsFinite(denominator))
            return false;
        TensorPrimitives.Divide(changes, -denominator, row);
        // Adding 0 turns the -0 of a probe that did not move into 0.
        TensorPrimitives.Add(row, 0.0, row);
        return IsFinite(row[..changes.Length]);
    }

    // The largest magnitude is NaN where one of them is.
    private static bool IsFinite(ReadOnlySpan<double> row) => row.IsEmpty || double.IsFinite(TensorPrimitives.MaxMagnitude(row));
}
